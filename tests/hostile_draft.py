"""A draft that carries one text wherever a text can be: what tries to drive a terminal is tried in every place."""

from datetime import datetime

from data.records import Change, Draft, Reference


def hostile_draft(text: str, occurred_at: datetime) -> Draft:
    """A draft whose every text is this one."""
    return Draft(
        type=text,
        occurred_at=occurred_at,
        actor=Reference("member", text, text),
        client=Reference("api_client", text, text),
        target=Reference(text, text, text),
        service=text,
        ip=text,
        user_agent=text,
        request_id=text,
        session_id=text,
        token=text,
        reason=text,
        changes=(Change(text, text, [text]), Change(text, [text], []), Change(text, None, text)),
        data={text: text, "expires": text[:30], "deep": {text: [text]}},
    )

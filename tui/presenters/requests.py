"""A request of an API client on its card: what was asked for is its title, and how it went its short facts."""

from data.records import Event, Seal
from data.refusals import RefusalCode
from data.requests import REFUSED, REFUSED_STRANGERS, SERVED
from tui.presenters.values import count_text, is_short, value_text

_NOT_PROVEN = "named, not proven"
_TYPES = frozenset({SERVED, REFUSED, REFUSED_STRANGERS})


def is_request(event: Event) -> bool:
    """Whether it tells of one request, or of several by strangers."""
    return event.type in _TYPES


def proof_word(event: Event) -> str:
    """How it stands; nothing for a request that has no place in the proof, which may never get one."""
    return "" if event.seal is Seal.UNSEALED and is_request(event) else event.seal.value


def action_of(event: Event) -> str | None:
    """What a request asked for, as `GET /v1/orders`; None for anything else, and where nobody noted it."""
    return event.target.label if is_request(event) and event.target is not None else None


def target_word(event: Event) -> str:
    """What its target is called."""
    return "target" if action_of(event) is None else "action"


def request_facts(event: Event) -> list[tuple[str, str]]:
    """The short facts of a request as (label, text): its status, how long it took, who served it, and with which token.

    That a client was named by a token whose secret is wrong comes first: it may have been anybody.
    """
    facts = [("", _NOT_PROVEN)] if event.data.get("refusal") == RefusalCode.WRONG_SECRET else []
    facts += [(name, value_text(event.data[name])) for name in ("status", "count") if is_short(event.data.get(name))]
    if event.duration_ms is not None:
        facts.append(("", f"{count_text(event.duration_ms)} ms"))
    facts += [("", text) for text in (event.service, event.token) if text]
    return facts

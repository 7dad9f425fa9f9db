"""The line of an event made of its stored parts is the line made of the event."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings

from data.exchange.event_json import dump_line
from data.exchange.stored_json import stored_line
from data.personal_digest import SALT_BYTES
from data.records import ANONYMOUS, TOMBSTONE, ActorType, Change, Draft, Reference, Source
from data.store.encoding import decode, encode
from data.store.identity import id_of
from tests.strategies.any_drafts import any_drafts

_MOMENT = datetime(2026, 11, 1, 10, 0, 0, 123456, tzinfo=UTC)
_WHOLE = Draft(
    type="api_client.updated",
    occurred_at=_MOMENT,
    actor=Reference(ActorType.MEMBER, "m-42", "Zoë \u202e \x7f 漢字"),
    client=Reference("api_client", "c-77", "Payroll sync"),
    target=Reference("api_client", "c-77"),
    service="console",
    duration_ms=0,
    ip="198.51.100.7",
    user_agent="curl/8",
    request_id="r-1",
    session_id="s-1",
    token="abcdefgh",
    reason="a line\nand another",
    changes=(Change("name", None, "Payroll sync"), Change("expires", "2026-01-01", None)),
    data={"expires": "2026-01-01", "b": [1, {"c": 2.5}]},
)
_TOMBSTONE = Draft(type=TOMBSTONE, occurred_at=_MOMENT)
_BARE = Draft(type="x", occurred_at=_MOMENT, actor=ANONYMOUS)
_EMPTY_TEXTS = Draft(
    type="", occurred_at=_MOMENT, actor=Reference("", "", ""), client=Reference("", None, ""), service="", reason=""
)
_IMPORTED = Draft(
    type="PutObject",
    occurred_at=_MOMENT,
    actor=Reference(ActorType.API_CLIENT, "c-1"),
    client=Reference("api_client"),
    target=Reference("s3_bucket", None, "logs"),
    session_id="s-1",
    token="abcdefgh",
    source=Source("cloudtrail", "17"),
)


def lines(draft: Draft, *, is_erased: bool) -> tuple[bytes, bytes]:
    """The line by way of the event, and straight."""
    stored = encode(draft, id_of(draft), _MOMENT + timedelta(seconds=1), bytes(SALT_BYTES))
    body, personal = stored.parts
    left = None if is_erased else personal
    return dump_line(decode(body, left)), stored_line(body, left)


@given(any_drafts())
@example(_WHOLE)
@example(_TOMBSTONE)
@example(_BARE)
@example(_EMPTY_TEXTS)
@example(_IMPORTED)
@settings(max_examples=300)
def test_it_is_the_same_text(draft: Draft) -> None:
    for is_erased in (False, True):
        by_the_event, straight = lines(draft, is_erased=is_erased)
        assert straight == by_the_event


def test_it_drives_no_terminal() -> None:
    _, straight = lines(_WHOLE, is_erased=False)
    assert straight.decode().isprintable() and "Zoë" in straight.decode()

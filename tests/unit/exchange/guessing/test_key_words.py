"""The words of keys."""

import pytest

from data.exchange.guessing.key_words import words_of


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("eventTime", ("event", "time")),
        ("event_time", ("event", "time")),
        ("event-time", ("event", "time")),
        ("EVENT_TIME", ("event", "time")),
        ("eventtime", ("event", "time")),
        ("sourceIPAddress", ("source", "ip", "address")),
        ("sourceIPs", ("source", "ip")),
        ("userIDs", ("user", "id")),
        ("eventID", ("event", "id")),
        ("@timestamp", ("timestamp",)),
        ("at_sign_timestamp", ("timestamp",)),
        ("userIdentity", ("user", "identity")),
        ("enduser.id", ("end", "user", "id")),
        ("resources", ("resource",)),
        ("status", ("status",)),
        ("?", ()),
    ],
)
def test_a_key_is_the_same_words_however_it_is_written(key: str, words: tuple[str, ...]) -> None:
    assert words_of(key) == words

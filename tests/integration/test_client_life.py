"""Properties of the life of API clients: whatever two editors, time and the keeper do, the log tells all of it.

What is done is done through every public method of the services, and each is looked at for what it did to the tables.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalogue import CATALOGUE
from data.clients.changes import field_values
from data.clients.model import ApiClient, ClientDetails
from data.errors import AuditdeckError
from data.policy import DEFAULT_POLICY, policy_rows
from data.query import parse_query
from data.records import Change, Event, Json
from data.services.api_clients import ApiClients
from data.services.audit_log import AuditLog
from data.services.policies import Policies
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import ALICE, BO
from tests.integration.events import UTC_ZONE
from tests.integration.raw_access import raw_connection

EDITORS = (ALICE, BO)
ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Africa/Cairo")
TABLES = {"api_client": "id", "token": "public_id", "policy": "key"}
_number = count()


@dataclass(slots=True)
class World:
    """A client, its two editors with what each has seen of it, and the tables behind it all."""

    log: AuditLog
    clock: HandClock
    connection: Any
    client: str = ""
    sights: list[ApiClient] = field(default_factory=list)

    def details(self, **changed: Any) -> ClientDetails:  # noqa: ANN401
        """Details of a client whose name nobody else has."""
        today = self.clock().date()
        return replace(ClientDetails(f"Client {next(_number)}", today + timedelta(days=40)), **changed)

    def token(self, choice: int) -> str:
        """One of the client's tokens."""
        tokens = self.log.clients.find(self.client).tokens
        return tokens[choice % len(tokens)].public_id

    def rows(self) -> dict[tuple[str, str], dict[str, object]]:
        """Every row, by its table and key."""
        found: dict[tuple[str, str], dict[str, object]] = {}
        for table, key in TABLES.items():
            cursor = self.connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                row = dict(zip(names, values, strict=True))
                found[table, str(row[key])] = row
        return found

    def last_event(self) -> int:
        """The number of the event that arrived last."""
        return int(self.connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])

    def events_since(self, seq: int) -> list[dict[str, Any]]:
        """What is kept for ever of the events that arrived since."""
        rows = self.connection.execute(f"SELECT body FROM event WHERE seq > {seq}").fetchall()
        return [json.loads(body) for (body,) in rows]

    def told(self) -> list[Event]:
        """What happened to the client and its tokens, in the order of the log: by id."""
        found = self.log.page(parse_query(f"client:{self.client} last:all"), limit=1_000)
        assert found.next is None
        return sorted(found.items, key=lambda event: event.id)


Deed = Callable[[World, int], object]
"""Something that is done in a world; the number decides about all that can be chosen."""


def _edit(world: World, choice: int) -> None:
    editor, is_fresh, choice = choice % 2, choice % 8 > 1, choice // 8
    seen = world.log.clients.find(world.client) if is_fresh else world.sights[editor]
    today = world.clock().date()
    changes: list[dict[str, Any]] = [
        {},
        {"name": f"Client {next(_number)}"},
        {"owner": ("", "Bo", "Cy")[choice % 3]},
        {"description": ("", "Nightly.")[choice % 2]},
        {"scopes": (("b", "a"), ("a", "b", "a"), ())[choice % 3]},
        {"networks": (("10.0.0.0/8",), (), ("2001:DB8::/32", "10.0.0.0/8"))[choice % 3]},
        {"expires": today + timedelta(days=(-1, 0, 1, 90, 500)[choice % 5]), "owner": "Di"},
        {"expires": today + timedelta(days=choice % 40)},
    ]
    wanted = replace(seen.details, **changes[choice % len(changes)])
    world.sights[editor] = world.log.clients.edit(EDITORS[editor], seen, wanted)


def _prolong(world: World, choice: int) -> None:
    until = world.clock().date() + timedelta(days=choice % 30 - 2)
    world.log.clients.prolong(EDITORS[choice % 2], world.client, world.token(choice), until)


def _hand_over(world: World, choice: int) -> None:
    how, failure = ("copied", "saved", "printed")[choice % 3], (None, "The disk is full.")[choice // 3 % 2]
    world.log.clients.note_handed_over(ALICE, world.client, world.token(choice), how, failure)


def _change_rule(world: World, choice: int) -> None:
    rules = [("zone", zone) for zone in ZONES] + [("overlap_days", "3"), ("overlap_days", "400"), ("scopes", "")]
    world.log.policy.change(BO, *rules[choice % len(rules)])


def _look(world: World, choice: int) -> None:
    world.sights[choice % 2] = world.log.clients.find(world.client)


def _revoke(world: World, choice: int) -> None:
    if choice % 5 == 0:  # or few clients would live long
        world.log.clients.revoke(ALICE, world.client, "leaked" if choice % 2 else "")


def _delete(world: World, choice: int) -> None:
    if choice % 5 == 0:
        world.log.clients.delete(BO, world.client, "gone" if choice % 2 else " ")


METHODS: dict[str, Deed] = {
    "ApiClients.all": lambda world, choice: world.log.clients.all(include_deleted=bool(choice % 2)),
    "ApiClients.deleted_ids": lambda world, choice: world.log.clients.deleted_ids(),
    "ApiClients.find": _look,
    "ApiClients.calls_by_day": lambda world, choice: world.log.clients.calls_by_day(choice % 7 + 1),
    "ApiClients.expiring_count": lambda world, choice: world.log.clients.expiring_count(choice % 40),
    "ApiClients.create": lambda world, choice: world.log.clients.create(
        ALICE, world.details(**({"name": ""} if choice % 2 else {}))
    ),
    "ApiClients.edit": _edit,
    "ApiClients.issue": lambda world, choice: world.log.clients.issue(EDITORS[choice % 2], world.client),
    "ApiClients.rotate": lambda world, choice: world.log.clients.rotate(
        EDITORS[choice % 2], world.client, (None, 0, 1, 30, 400)[choice % 5]
    ),
    "ApiClients.prolong": _prolong,
    "ApiClients.end_token": lambda world, choice: world.log.clients.end_token(
        ALICE, world.client, world.token(choice), "leaked"
    ),
    "ApiClients.revoke": _revoke,
    "ApiClients.delete": _delete,
    "ApiClients.note_handed_over": _hand_over,
    "ApiClients.note_used": lambda world, choice: world.log.clients.note_used(
        [(world.token(choice), world.clock(), "198.51.100.7")]
    ),
    "ApiClients.note_expired": lambda world, choice: world.log.clients.note_expired(),
    "Policies.read": lambda world, choice: world.log.policy.read(),
    "Policies.change": _change_rule,
}
"""Every public method of the services, and how it is called."""

TIME = "time passes"
DEEDS: dict[str, Deed] = {
    **METHODS,
    TIME: lambda world, choice: world.clock.move(hours=(0, 1, 12, 24, 100, 1_000)[choice % 6]),
}

LIKELY = [*DEEDS, *(["ApiClients.edit"] * 4), *(["ApiClients.rotate", "ApiClients.prolong", TIME] * 2)]


@pytest.fixture
def world(address: str, clock: HandClock) -> Iterator[World]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log, raw_connection(address) as connection:
        yield World(log, clock, connection)


def test_every_public_method_is_among_what_is_done() -> None:
    public = {
        f"{service.__name__}.{name}"
        for service in (ApiClients, Policies)
        for name in dir(service)
        if not name.startswith("_")
    }
    assert public == METHODS.keys()


_ONLY_DENIED = {"api_client.read", "token.inspected", "token.used"}
"""What reads, and what the log does not tell of, has an event where it was refused."""

# One in which each comes to pass; see `_edit` for what the numbers of edits choose.
STORY = [
    *(("ApiClients.edit", 8 * choice + 2) for choice in (1, 2, 11, 4, 5, 38, 0)),
    *(("ApiClients.all", 0), ("ApiClients.find", 0), ("ApiClients.create", 0), ("Policies.read", 0)),
    *(("ApiClients.rotate", 3), *(("ApiClients.note_handed_over", choice) for choice in (0, 4, 2))),
    *(("ApiClients.prolong", 12), ("ApiClients.rotate", 2), ("ApiClients.issue", 0), (TIME, 4)),
    *(("ApiClients.note_expired", 0), ("ApiClients.end_token", 1), ("ApiClients.issue", 1), ("Policies.change", 1)),
    *((TIME, 5), ("ApiClients.note_expired", 0), ("Policies.change", 2), ("ApiClients.edit", 8 * 13 + 2)),
    *((TIME, 4), (TIME, 5), ("ApiClients.edit", 8 * 15 + 3), ("ApiClients.rotate", 1), (TIME, 5)),
    *(("ApiClients.revoke", 5), ("ApiClients.delete", 5)),
]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(LIKELY), st.integers(0, 1_000)), min_size=5, max_size=30))
def test_the_log_tells_of_every_change_and_of_nothing_else(world: World, deeds: list[tuple[str, int]]) -> None:
    live(world, deeds)


def test_the_log_tells_of_a_whole_life(world: World) -> None:
    live(world, STORY)
    told = world.told()
    assert {event.type for event in told} == {
        one.tag for one in CATALOGUE if one.tag.startswith(("api_client.", "token.")) and one.tag not in _ONLY_DENIED
    }
    changes = {change.field: change for event in told for change in event.changes}
    assert changes.keys() == {*field_values(ClientDetails("", NOW.date())), "status", "overlap_ends"}
    assert any(Change("status", "expired", "active") in event.changes for event in told)


def live(world: World, deeds: list[tuple[str, int]]) -> None:
    """Do all of it, and look at what it was each time, and what became of it in the end."""
    world.clock.now = NOW  # the examples share a database, and nothing else
    for rule in ("zone", "overlap_days"):
        world.log.policy.change(ALICE, rule, policy_rows(DEFAULT_POLICY)[rule])
    client = world.log.clients.create(ALICE, world.details()).client
    world.client, world.sights = client.id, [client, client]
    for name, choice in deeds:
        check_deed(world, name, choice)
    check_story(world)


def check_deed(world: World, name: str, choice: int) -> None:
    """Do something; every row that it changed is named by an event, and without a change there is none."""
    rows, last = world.rows(), world.last_event()
    try:
        DEEDS[name](world, choice)
    except AuditdeckError:
        assert (world.rows(), world.last_event()) == (rows, last)
        return
    after, events = world.rows(), world.events_since(last)
    changed = {key for key in rows.keys() | after.keys() if rows.get(key) != after.get(key)}
    rules = [event for event in events if event["type"] == "policy.updated"]
    told = {("api_client", event["client"]["id"]) for event in events if "client" in event}
    told |= {("token", event["token"]) for event in events if "token" in event}
    assert {key for key in changed if key[0] != "policy"} <= told
    assert len({key for key in changed if key[0] == "policy"}) == len(rules)
    handed_over = [event for event in events if event["type"] in ("token.copied", "token.saved", "token.printed")]
    assert bool(changed) == (len(events) > len(handed_over))


def check_story(world: World) -> None:
    """What the events tell, from the first one on, is how the client and its tokens are now, and has no gap."""
    world.log.clients.note_expired()
    now = world.log.clients.find(world.client)
    zone = world.log.policy.read().zone
    status = now.status(world.clock(), zone)
    details, tokens = folded(world.told())
    assert details == {
        **field_values(now.details),
        "status": "active" if status == "expiring" else status,
    }
    assert tokens == {
        token.public_id: {
            "overlap_ends": None if token.overlap_ends is None else token.overlap_ends.isoformat(),
            "status": _status_of_token(token.ended_at is None, token.end_reason),
        }
        for token in now.tokens
    }
    if status.is_live:
        live = {token.public_id for token in now.live_tokens(world.clock(), zone)}
        assert live == {public_id for public_id, values in tokens.items() if values["status"] == "active"}


def folded(events: list[Event]) -> tuple[dict[str, Json], dict[str, dict[str, Json]]]:
    """The values that events, one after the other, lead to: of the client, and of each of its tokens."""
    details: dict[str, Json] = dict.fromkeys(field_values(ClientDetails("", NOW.date())))
    tokens: dict[str, dict[str, Json]] = {}
    for event in events:
        assert event.target is not None and event.target.id is not None
        values = details if event.target.type == "api_client" else tokens.setdefault(event.target.id, {})
        for change in event.changes:
            assert change.before != change.after
            assert values.get(change.field) == change.before
            values[change.field] = change.after
    return details, {public_id: {"overlap_ends": None, **values} for public_id, values in tokens.items()}


def _status_of_token(is_live: bool, end_reason: str | None) -> str:
    if is_live:
        return "active"
    return "expired" if end_reason == "the overlap is over" else "ended"

"""Every public method of every service x every permission x (held, not held), on both engines."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules

import pytest

import data.services
from data.access.errors import NotPermitted, NotSignedIn
from data.access.model import MemberStatus
from data.catalogue import CATALOGUE
from data.errors import AuditdeckError
from data.permissions import Permission, effective
from data.records import SYSTEM, Outcome, Reference
from data.store.tables import METADATA
from tests.conftest import ENGINES
from tests.integration.deeds import DEEDS, HOME, NOT_ASKED, World
from tests.integration.events import EVERYTHING
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import raw_connection

_GROWING = {"event", "pending", "unindexed_event", "term", "join_attempt"}
"""The tables in which a refusal leaves its trace."""

_STRANGER = Reference("member", "m-nobody", "Nobody")


@pytest.fixture(scope="module", params=ENGINES)
def world(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One database for all of it: what is refused has changed nothing, and what was done is there for the next to do."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("matrix")
        if request.param == "sqlite":
            address = str(shutil.copy(sqlite_template, folder))
        else:
            server: PostgresServer = request.getfixturevalue("server")
            address = stack.enter_context(server.migrated_database())
        made = World(address, folder)
        stack.enter_context(closing(made.log))
        yield made


def _public(service: object, prefix: str = "") -> Iterator[str]:
    for name in dir(type(service)):
        if not name.startswith("_"):
            yield prefix + name


def test_every_public_method_of_every_service_has_an_entry(sqlite_address: str, tmp_path: Path) -> None:
    with closing(World(sqlite_address, tmp_path).log) as log:
        found = set(_public(log))
        for name, service in vars(log).items():
            if type(service).__module__.startswith("data.services.") and not name.startswith("_") and name != "gate":
                found |= set(_public(service, f"{name}."))
    assert found - NOT_ASKED == {one.partition(" ")[0] for one in DEEDS}


def _classes() -> Iterator[type]:
    """Every class of the services' rooms that takes the gate, which is what a service has to do to ask for anything."""
    for _, name, _ in iter_modules(data.services.__path__, "data.services."):
        for thing in vars(import_module(name)).values():
            is_own = isinstance(thing, type) and thing.__module__ == name and not thing.__name__.startswith("_")
            if is_own and "gate" in signature(thing.__init__).parameters:
                yield thing


def test_every_service_is_an_attribute_of_the_log(sqlite_address: str, tmp_path: Path) -> None:
    """Otherwise the test above would not see it."""
    with closing(World(sqlite_address, tmp_path).log) as log:
        found = {kind for service in vars(log).values() for kind in type(service).__mro__} | set(type(log).__mro__)
        missing = {kind.__name__ for kind in _classes()} - {kind.__name__ for kind in found}
        # Parts of what has entries: of the invitations, of an export, and of a change of roles, groups and members.
        assert missing == {"Delivering", "Joins", "Export", "AccessChange"}


def _rows(world: World) -> dict[str, list[str]]:
    with raw_connection(world.address) as connection:
        return {
            table: sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"').fetchall()))
            for table in METADATA.tables
            if table not in _GROWING
        }


def _refuse(world: World, somebody: Reference, names: list[str], error: type[NotPermitted]) -> None:
    """None of these is done for somebody, and each that is refused is told by one event."""
    before, number = _rows(world), world.log.count(EVERYTHING)
    with world.being(somebody):
        for name in names:
            assert type(_asked(world, name)) is error, name
    assert _rows(world) == before
    told = world.log.page(EVERYTHING, limit=len(names) + 1).items[: world.log.count(EVERYTHING) - number]
    if error is NotSignedIn:
        return
    assert len(told) == len(names)
    for name, event in zip(names, reversed(told), strict=True):
        assert event.outcome is Outcome.DENIED and event.type in CATALOGUE, name
        service = "ssh" if name.startswith("visits.") else "console"
        assert (event.actor, event.ip, event.service) == (somebody, HOME, service), name
        assert event.reason is not None and (somebody == SYSTEM or "This needs" in event.reason), name


def _asked(world: World, name: str) -> Exception | None:
    """What came of one of them: the refusal, if there is one."""
    try:
        DEEDS[name].do(world)
    except NotPermitted as refused:
        return refused
    return None


def _do(world: World, somebody: Reference, names: list[str]) -> None:
    """All of these are done for somebody, as far as there is still something to do: some end what others begin."""
    if names:
        world.renew()
    with world.being(somebody):
        for name in names:
            try:
                DEEDS[name].do(world)
            except NotPermitted as error:
                pytest.fail(f"{name} is refused: {error}")
            except AuditdeckError:
                continue  # its client or view was ended by what came before


@pytest.mark.parametrize("permission", Permission)
def test_what_is_not_held_is_refused_and_what_is_held_is_not(world: World, permission: Permission) -> None:
    """One member holds this permission alone, another all but this one."""
    alone, but = [permission], [one for one in Permission if one not in (permission, Permission.ADMIN)]
    for held in (alone, but):
        somebody = world.member_with(*held)
        allowed = [name for name, deed in DEEDS.items() if deed.needs <= effective(held)]
        _refuse(world, somebody, [name for name in DEEDS if name not in allowed], NotPermitted)
        # What one permission is enough for was done by whoever holds that alone.
        _do(world, somebody, [name for name in allowed if held is alone or len(DEEDS[name].needs) > 1])


def _is_of_members(name: str) -> bool:
    """Whether it is about what members alone have: sessions, and keys of one's own."""
    return name.startswith("sessions.") or "one's own" in name


def test_scopes_let_an_api_client_do_what_permissions_of_the_same_words_let_a_member(world: World) -> None:
    for permission in (Permission.AUDIT_READ, Permission.CLIENTS_WRITE):
        client = world.client_with(permission)
        allowed = [name for name, deed in DEEDS.items() if deed.needs <= effective([permission])]
        _refuse(world, client, [name for name in DEEDS if name not in allowed], NotPermitted)
        _do(world, client, [name for name in allowed if not _is_of_members(name)])


def test_the_program_itself_may_do_what_is_for_it_and_nothing_else(world: World) -> None:
    own = [name for name, deed in DEEDS.items() if deed.for_system]
    _refuse(world, SYSTEM, [name for name in DEEDS if name not in own], NotPermitted)
    _do(world, SYSTEM, own)


@pytest.mark.parametrize("who", ["suspended", "removed", "a stranger"])
def test_whoever_may_not_come_in_may_do_nothing_and_is_told_of_once(world: World, who: str) -> None:
    somebody = _STRANGER
    if who != "a stranger":
        somebody = world.member_with(Permission.ADMIN, status=MemberStatus(who))
    number = world.log.count(EVERYTHING)
    _refuse(world, somebody, [name for name, deed in DEEDS.items() if not deed.for_strangers], NotSignedIn)
    told = world.log.page(EVERYTHING).items[: world.log.count(EVERYTHING) - number]
    assert [(event.type, event.actor, event.outcome) for event in told] == [
        ("session.refused", somebody, Outcome.DENIED)
    ]

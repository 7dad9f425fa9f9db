"""Reasons that need not be given: where one is, it is a text that can be kept, whatever it is the reason for."""

from collections.abc import Callable
from functools import partial

import pytest

from data.access.details import RoleDetails
from data.access.errors import AccessNotFound, AccessWrong
from data.access.model import Session
from data.services.invitations import Invitations
from data.services.sessions import Sessions
from data.services.ssh_keys import SshKeys
from data.store import Database
from data.tokens import new_token
from tests.hand_clock import NOW
from tests.integration.access_worlds import ANN, LEO, NIGHT, Organisation, asks, organisation
from tests.unit.access.sample_keys import SAMPLES

_HOSTILE = ("\x1b[31mred", "a\0b", "\u202eabc", "half \udcff", "x" * 1_000_000, f"it was {new_token().reveal()}")
_SESSION = Session("s-Leo00000", LEO.reference, NOW, NOW)


@pytest.fixture
def world(database_without_people: Database) -> Organisation:
    return organisation(database_without_people)


def _acts(world: Organisation) -> list[Callable[[str], object]]:
    """What can be done without a reason, each to a thing that is there."""
    role = world.roles.create(asks(ANN), RoleDetails("Monitor"))
    (invited,) = Invitations(world.gate).invite(asks(ANN), ["cy@example.org"])
    with world.database.writing() as work:
        work.sessions.add(_SESSION)
        work.commit()
    key = SshKeys(world.gate).register(asks(ANN), "m-ann", SAMPLES["ed25519"].line)
    return [
        lambda reason: world.roles.delete(asks(ANN), role.id, reason=reason),
        lambda reason: world.groups.delete(asks(ANN), NIGHT.id, even_in_use=True, reason=reason),
        partial(Invitations(world.gate).revoke, asks(ANN), invited.invitation.id),
        partial(Sessions(world.gate).end, asks(ANN), _SESSION.id),
        partial(SshKeys(world.gate).remove, asks(ANN), "m-ann", key.fingerprint),
    ]


def test_what_cannot_be_kept_is_no_reason(world: Organisation) -> None:
    acts = _acts(world)
    before = world.told()
    for act in acts:
        for reason in _HOSTILE:
            with pytest.raises(AccessWrong) as raised:
                act(reason)
            assert list(raised.value.problems) == ["reason"]
    assert world.told() == before
    for act in acts:
        act(" left in a train ")
    ends = [one for one in world.told() if one not in before]
    assert [one.reason for one in ends] == ["left in a train"] * len(acts)


def test_what_cannot_be_an_id_is_not_there(world: Organisation) -> None:
    keys, sessions = SshKeys(world.gate), Sessions(world.gate)
    line = SAMPLES["ed25519"].line
    for key in ("", "a\0b", "a\ud800b", "\u202e", "x" * 1_000_000):
        for act in (
            partial(keys.register, asks(ANN), key, line),
            partial(keys.remove, asks(ANN), key, "SHA256:none", "lost"),
            partial(sessions.end, asks(ANN), key),
        ):
            with pytest.raises(AccessNotFound):
                act()

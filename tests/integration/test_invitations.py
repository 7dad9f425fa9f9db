"""Invitations over a real database: sent, accepted once, ended; and nobody comes by more than somebody gave them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from data.access.codes import ALPHABET
from data.access.errors import AccessError, AccessNotFound, AccessWrong, NotPermitted
from data.access.joining import CodeRefused, Joining
from data.access.model import Delivery, InvitationStatus, Member, MemberStatus, Role
from data.caller import Caller
from data.errors import AuditdeckError
from data.permissions import Permission
from data.records import SYSTEM, Outcome
from data.services.administration import Administration
from data.services.audit_log import AuditLog
from data.services.joins import MOST_WRONG, MOST_WRONG_IN_ALL, WINDOW
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE
from tests.integration.invitation_worlds import (
    ANN,
    BO,
    BY_ANN,
    BY_MIA,
    CY,
    INVITER,
    MIA,
    NIGHT,
    Organisation,
    code_of,
    joining,
    organisation,
    without_members,
)
from tests.integration.raw_access import run_raw
from tests.unit.access.sample_keys import SAMPLES

WRITER = Role("r-writer", "Writer", "", (Permission.ACCESS_WRITE,))
ED25519 = SAMPLES["ed25519"].line


@pytest.fixture
def org(address: str, clock: HandClock) -> Iterator[Organisation]:
    with organisation(address, clock) as made:
        yield made


def put_member(org: Organisation, member: Member) -> None:
    with org.log.gate.database.writing() as work:
        work.access.put_member(member)
        work.commit()


def another_code(number: int) -> str:
    """A code that has the form of one, and that nobody was given."""
    value = (number + 1) << 10
    value += -value % 1021
    return "".join(ALPHABET[value // 32**place % 32] for place in reversed(range(28)))


def test_two_are_invited_each_with_a_code_and_an_event(org: Organisation, clock: HandClock) -> None:
    first, second = org.invitations.invite(BY_ANN, [f" {BO} ", CY], ["support", "support"], [NIGHT.id])
    assert [one.invitation.email for one in (first, second)] == [BO, CY]
    assert code_of(first) != code_of(second) and first.text is not None and code_of(first) in first.text
    for one in (first, second):
        invitation = org.found(one)
        assert invitation == one.invitation and invitation.status(clock()) is InvitationStatus.OPEN
        assert (invitation.roles, invitation.groups) == (("support",), (NIGHT.id,))
        assert (invitation.delivery, invitation.expires_at) == (
            Delivery.BY_HAND,
            invitation.invited_at + timedelta(days=7),
        )
    assert org.types() == ["invitation.sent"] * 2
    assert {(event.actor, event.ip) for event in org.told()} == {(ANN.reference, "192.0.2.7")}
    assert org.told()[0].data == {"roles": ["support"], "groups": [NIGHT.id], "expires": "2026-11-27T10:00:00.000000Z"}


def test_of_a_code_the_digest_alone_is_kept(org: Organisation, address: str) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    kept = repr([run_raw(address, f"SELECT * FROM {table}") for table in ("invitation", "event", "term")])
    assert invited.code is not None and repr(invited.code.digest) in kept
    assert not any(group in kept for group in code_of(invited).split("-")[1:])


def test_whoever_accepts_holds_what_the_inviter_gave(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO], ["support"], [NIGHT.id])
    member = org.join(invited, name="  Bo   Lind ")
    assert (member.name, member.email, member.roles, member.groups) == ("Bo Lind", BO, ("support",), (NIGHT.id,))
    assert org.member(member.id) == member and member.login == "bo"
    accepted = org.found(invited)
    assert (accepted.accepted_by, accepted.accepted_at) == (member.id, member.joined_at)
    joined, granted, added, told = org.told()[1:]
    assert (joined.type, joined.actor, joined.target) == ("member.joined", member.reference, member.reference)
    assert joined.data == {"email": BO, "invitation": invited.invitation.id, "login": "bo"}
    assert (joined.ip, told.type, told.actor) == ("198.51.100.7", "invitation.accepted", member.reference)
    assert (granted.type, granted.actor) == ("role.granted", ANN.reference)
    assert granted.data == {"grantee_type": "member", "grantee": member.id, "grantee_name": "Bo Lind"}
    assert (added.type, added.actor) == ("group.member_added", ANN.reference)
    assert added.data == {"member": member.id, "member_name": "Bo Lind"}
    assert told.data["terminal"] == "xterm"


def test_a_key_is_registered_with_the_joining(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    member = org.invitations.accept(code_of(invited), "Bo", Joining(key_line=ED25519, address="198.51.100.7"))
    (key,) = org.member(member.id).keys
    assert member.login is None and key.kind == "ssh-ed25519" and org.member(member.id) == member
    joined, registered = org.told()[1:3]
    assert (joined.data["key_type"], registered.type) == ("ssh-ed25519", "member.key_registered")
    assert (registered.actor, registered.data["fingerprint"]) == (member.reference, key.fingerprint)
    (second,) = org.invitations.invite(BY_ANN, [CY])
    with pytest.raises(AccessWrong, match="is a member's already"):
        org.invitations.accept(code_of(second), "Cy", Joining(key_line=ED25519))
    with pytest.raises(AccessWrong, match="public key"):
        org.invitations.accept(code_of(second), "Cy", Joining(key_line="no key"))
    assert org.join(second, "cy").email == CY  # it was not used up


def test_nobody_joins_over_ssh_where_the_rules_say_so(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    org.log.policy.change(BY_ANN, "ssh_join", "off")
    with pytest.raises(CodeRefused, match="over SSH"):
        org.invitations.accept(code_of(invited), "Bo", Joining(key_line=ED25519))
    assert org.join(invited).email == BO


@pytest.mark.postgres
def test_without_a_key_they_come_in_by_their_own_login(postgres_address: str, clock: HandClock) -> None:
    with organisation(without_members(postgres_address), clock) as org:
        (invited,) = org.invitations.invite(BY_ANN, [BO], ["support"])
        member = org.invitations.accept(code_of(invited), "", Joining())
        assert member.name == "Bo Lind" and org.log.gate.standing().who == member.reference
        (second,) = org.invitations.invite(BY_ANN, [CY])
        with pytest.raises(AccessWrong, match="is Bo Lind's already"):
            org.invitations.accept(code_of(second), "", Joining())


def test_a_code_works_once(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    org.join(invited)
    with pytest.raises(CodeRefused, match="was used already"):
        org.join(invited, "cy")
    refused = org.told()[-1]
    assert (refused.type, refused.outcome) == ("invitation.accepted", Outcome.DENIED)
    assert (refused.target, refused.actor.name) == (invited.invitation.reference, "cy")


def test_of_two_at_the_same_moment_one_wins(address: str, clock: HandClock) -> None:
    with organisation(address, clock) as org:
        (invited,) = org.invitations.invite(BY_ANN, [BO], ["support"])
        together = threading.Barrier(2)
        ends: list[object] = []

        def accept(login: str) -> None:
            with closing(AuditLog(address, UTC_ZONE, clock=clock)) as own:
                own.open()
                together.wait(10)
                try:
                    ends.append(own.invitations.accept(code_of(invited), "", joining(login)))
                except AuditdeckError as error:
                    ends.append(error)

        threads = [threading.Thread(target=accept, args=(login,)) for login in ("bo", "eve")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(type(end).__name__ for end in ends) == ["CodeRefused", "Member"]
        assert org.types().count("member.joined") == 1


def test_a_code_ends_with_its_seventh_day(org: Organisation, clock: HandClock) -> None:
    first, second = org.invitations.invite(BY_ANN, [BO, CY])
    clock.now = org.found(first).expires_at - timedelta(microseconds=10)
    org.join(first)
    clock.move(microseconds=10)
    with pytest.raises(CodeRefused, match="is over"):
        org.join(second, "cy")
    assert org.invitations.note_expired() == 1 and org.invitations.note_expired() == 0
    (over,) = (event for event in org.told() if event.type == "invitation.expired")
    assert (over.actor, over.service, over.occurred_at) == (SYSTEM, "keeper", org.found(second).expires_at)
    assert org.found(second).expired_at == org.found(second).expires_at
    with pytest.raises(CodeRefused, match="is over"):
        org.join(second, "cy")


def test_an_invitation_that_is_over_is_in_nobody_s_way(org: Organisation, clock: HandClock) -> None:
    (old,) = org.invitations.invite(BY_ANN, [BO])
    clock.move(days=8)
    (new,) = org.invitations.invite(BY_ANN, [BO])
    assert org.types() == ["invitation.sent", "invitation.expired", "invitation.sent"]
    with pytest.raises(CodeRefused):
        org.join(old)
    org.join(new)


def test_sending_it_again_makes_another_code_and_begins_the_days_anew(org: Organisation, clock: HandClock) -> None:
    (old,) = org.invitations.invite(BY_ANN, [BO], ["reviewer"])
    clock.move(days=5)
    new = org.invitations.resend(BY_MIA, old.invitation.id)
    assert (new.invitation.invited_by, new.invitation.roles) == (MIA.reference, ("reviewer",))
    assert org.types()[-1] == "invitation.resent"
    with pytest.raises(CodeRefused, match="the newest alone works"):
        org.join(old)
    clock.move(days=5)
    member = org.join(new)
    granted = next(event for event in org.told() if event.type == "role.granted")
    assert member.roles == ("reviewer",) and granted.actor == MIA.reference


def test_a_revoked_one_lets_nobody_in(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    org.invitations.revoke(BY_MIA, invited.invitation.id)
    with pytest.raises(CodeRefused, match="was revoked"):
        org.join(invited)
    for act in (org.invitations.revoke, org.invitations.resend):
        with pytest.raises(AccessError, match="was revoked"):
            act(BY_ANN, invited.invitation.id)
    assert org.types() == ["invitation.sent", "invitation.revoked", "invitation.accepted"]


@pytest.mark.parametrize("wrong", ["i-nothing1", "", "x" * 100_000, "\0", "\u202e"], ids=repr)
def test_one_that_is_not_there_is_told_in_a_sentence(org: Organisation, wrong: str) -> None:
    for act in (org.invitations.revoke, org.invitations.resend):
        with pytest.raises(AccessNotFound, match="no such invitation"):
            act(BY_ANN, wrong)


def test_each_address_that_cannot_be_invited_has_its_sentence_and_nobody_is_invited(org: Organisation) -> None:
    org.invitations.invite(BY_ANN, [BO])
    wrong = {
        "no address": "no address: ",
        "": "mail address",
        "a\r\nBcc: eve@example.org": ": ",
        "\0@example.org": ": ",
        "bø@example.org": ": ",
        "x" * 1_000_000 + "@example.org": ": ",
        "ann@EXAMPLE.org": "Ann Moss has the address ann@EXAMPLE.org and is a member already.",
        BO.upper(): "is invited already",
        "Cy@example.org": "is there twice",
    }
    before = org.types()
    with pytest.raises(AccessWrong) as raised:
        org.invitations.invite(BY_ANN, [CY, *wrong], ["no role"], ["no group"])
    problems = raised.value.problems
    assert set(problems) == {*wrong, "roles", "groups"}
    for address, words in wrong.items():
        assert words in problems[address] and len(problems[address]) < 300
    assert org.types() == before
    for addresses in ([], [f"p{number}@example.org" for number in range(101)]):
        with pytest.raises(AccessWrong) as raised:
            org.invitations.invite(BY_ANN, addresses)
        assert set(raised.value.problems) == {"addresses"}


def test_nobody_invites_to_more_than_they_hold(org: Organisation) -> None:
    for role in ("client-manager", "administrator"):
        with pytest.raises(NotPermitted):
            org.invitations.invite(BY_MIA, [BO], ["reviewer", role])
        denied = org.told()[-1]
        assert (denied.type, denied.outcome, denied.actor) == ("invitation.sent", Outcome.DENIED, MIA.reference)
    (invited,) = org.invitations.invite(BY_ANN, [BO], ["administrator"])
    with pytest.raises(NotPermitted):
        org.invitations.resend(BY_MIA, invited.invitation.id)
    assert org.types()[-1] == "invitation.resent" and org.told()[-1].target == invited.invitation.reference
    assert org.join(invited).roles == ("administrator",)


def test_without_access_write_nobody_is_invited(org: Organisation) -> None:
    put_member(org, replace(MIA, roles=("reviewer",)))
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    acts: list[Callable[[], object]] = [
        lambda: org.invitations.invite(BY_MIA, [CY]),
        lambda: org.invitations.resend(BY_MIA, invited.invitation.id),
        lambda: org.invitations.revoke(BY_MIA, invited.invitation.id),
    ]
    for act in acts:
        with pytest.raises(NotPermitted) as raised:
            act()
        assert raised.value.needed is Permission.ACCESS_WRITE
    assert sorted(org.types()) == ["invitation.resent", "invitation.revoked", *["invitation.sent"] * 2]


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (lambda mia: replace(mia, status=MemberStatus.SUSPENDED), "is no active member any more"),
        (lambda mia: replace(mia, status=MemberStatus.REMOVED, roles=()), "is no active member any more"),
        (lambda mia: replace(mia, roles=("reviewer",)), "may not give any more"),
        (lambda mia: replace(mia, roles=(WRITER.id,)), "may not give any more"),
    ],
    ids=["suspended", "removed", "manages nobody", "holds less"],
)
def test_an_invitation_gives_nothing_that_its_inviter_could_not_give_now(
    org: Organisation, since: Callable[[Member], Member], words: str
) -> None:
    (invited,) = org.invitations.invite(BY_MIA, [BO], ["reviewer"])
    with org.log.gate.database.writing() as work:
        work.access.put_role(WRITER)
        work.access.put_group(replace(NIGHT, members=()))
        work.commit()
    put_member(org, since(MIA))
    with pytest.raises(CodeRefused, match=words):
        org.join(invited)
    again = org.invitations.resend(BY_ANN, invited.invitation.id)  # who answers for it from then on
    assert org.join(again).roles == ("reviewer",)


def test_a_role_that_was_deleted_since_is_not_given(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO], [INVITER.id, "support"], [NIGHT.id])
    org.log.roles.delete(BY_ANN, INVITER.id, even_in_use=True)
    org.log.groups.delete(BY_ANN, NIGHT.id, even_in_use=True)
    assert (org.join(invited).roles, org.member(org.found(invited).accepted_by or "").groups) == (("support",), ())


def test_an_address_that_became_a_member_s_meanwhile_is_refused(org: Organisation) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    put_member(org, replace(MIA, email=BO.upper()))
    with pytest.raises(AccessWrong) as raised:
        org.join(invited)
    assert set(raised.value.problems) == {"email"}


@pytest.mark.parametrize(
    "name", ["\u202eBo", "a\nb", "\0", "x" * 101, "x" * 1_000_000, "\u2800", "adk_Ab3dE5gH_" + "x" * 49]
)
def test_hostile_names_are_refused_and_the_code_stays_good(org: Organisation, name: str) -> None:
    if name == "a\nb":
        name = "a\x1b[2Jb"  # blanks of every kind become one
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    with pytest.raises(AccessWrong) as raised:
        org.join(invited, name=name)
    assert set(raised.value.problems) == {"name"} and len(str(raised.value)) < 300
    assert org.join(invited, name="O'Brien ; DROP TABLE").name == "O'Brien ; DROP TABLE"


@pytest.mark.parametrize(
    "code", ["", "\0", "adj-", "ü" * 40, "x" * 1_000_000, "\ud800", "%s{}"], ids=lambda code: repr(code[:5])
)
def test_text_that_is_no_code_is_told_in_a_sentence(org: Organisation, code: str) -> None:
    with pytest.raises(CodeRefused) as raised:
        org.invitations.accept(code, "Bo", joining("bo"))
    assert len(str(raised.value)) < 200
    (event,) = org.told()
    assert (event.type, event.outcome, event.target) == ("invitation.accepted", Outcome.DENIED, None)
    assert event.actor.name == "bo" and event.reason == str(raised.value)


def test_whoever_types_wrong_codes_has_to_wait_and_the_log_is_not_flooded(org: Organisation, clock: HandClock) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    alone = Joining(login="eve")
    for number in range(MOST_WRONG + 5):
        with pytest.raises(CodeRefused, match="No invitation" if number < MOST_WRONG else "Try again"):
            org.invitations.accept(another_code(number), "", alone)
    assert org.types() == ["invitation.sent", "invitation.accepted", "invitation.accepted"]
    with pytest.raises(CodeRefused, match="Try again"):
        org.invitations.accept(code_of(invited), "", alone)
    with pytest.raises(CodeRefused, match="No invitation"):
        org.invitations.accept(another_code(99), "", Joining(login="bo"))  # who has nothing to do with it
    clock.move(seconds=WINDOW.total_seconds())
    assert org.invitations.accept(code_of(invited), "", alone).login == "eve"


def test_nobody_waits_longer_because_a_clock_that_was_wrong_is_right_again(org: Organisation, clock: HandClock) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    clock.move(days=30)
    for number in range(MOST_WRONG):
        with pytest.raises(CodeRefused, match="No invitation"):
            org.invitations.accept(another_code(number), "", Joining(login="eve"))
    clock.move(days=-30)
    with pytest.raises(CodeRefused, match="No invitation"):
        org.invitations.accept(another_code(99), "", Joining(login="eve"))  # counted anew
    assert org.invitations.accept(code_of(invited), "", Joining(login="eve")).login == "eve"


def test_an_address_is_limited_with_however_many_keys_it_comes(org: Organisation) -> None:
    for number in range(MOST_WRONG + 1):
        typing = Joining(login=f"eve{number}", address="198.51.100.66")
        with pytest.raises(CodeRefused, match="No invitation" if number < MOST_WRONG else "Try again"):
            org.invitations.accept(another_code(number), "", typing)


def test_all_together_are_limited_too_and_a_right_code_still_works(org: Organisation, clock: HandClock) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO])
    with org.log.gate.database.writing() as work:
        _ = work.access
        for _number in range(MOST_WRONG_IN_ALL):
            work.invitations.note_attempt("everybody", clock(), WINDOW)
        work.commit()
    told = org.types()
    for code in (another_code(1), "no code at all"):
        with pytest.raises(CodeRefused, match="Try again"):
            org.invitations.accept(code, "", Joining(login="eve"))
    assert org.types() == told
    assert org.join(invited).email == BO


def test_what_is_noted_and_sent_needs_nobody_and_does_nothing_without_mail(org: Organisation) -> None:
    org.invitations.invite(BY_ANN, [BO])
    sent = org.invitations.send_due()
    assert (sent.delivered, sent.failed, org.invitations.note_expired()) == (0, 0, 0)


@pytest.mark.postgres
def test_the_first_administrator_is_invited_where_there_is_none(postgres_address: str, clock: HandClock) -> None:
    without_members(postgres_address)
    with (
        closing(Administration(postgres_address, clock=clock)) as administration,
        closing(AuditLog(postgres_address, UTC_ZONE, clock=clock)) as log,
    ):
        lost = administration.first_administrator("ann@example.org")
        first = administration.first_administrator("ann@example.org")
        other = administration.first_administrator("eve@example.org")
        org = Organisation(log)
        for dead in (lost, first):
            with pytest.raises(CodeRefused, match="was revoked"):
                org.join(dead, "ann")
        with pytest.raises(AccessWrong, match="mail address"):
            administration.first_administrator("nobody")
        member = org.invitations.accept(code_of(other), "Eve", Joining())
        assert log.gate.standing().permissions == frozenset(Permission)
        granted = next(event for event in org.told() if event.type == "role.granted")
        assert (granted.actor, granted.target) == (SYSTEM, granted.target) and member.roles == ("administrator",)
        with pytest.raises(AccessError, match="Eve"):
            administration.first_administrator("ann@example.org")


@pytest.mark.postgres
def test_the_first_code_makes_no_second_administrator(postgres_address: str, clock: HandClock) -> None:
    without_members(postgres_address)
    with closing(Administration(postgres_address, clock=clock)) as administration:
        first = administration.first_administrator("eve@example.org")
        with (
            organisation(postgres_address, clock) as org,
            pytest.raises(CodeRefused, match="has an administrator by now"),
        ):
            org.join(first, "eve")


def test_a_stranger_and_the_system_invite_nobody(org: Organisation) -> None:
    for by in (Caller(SYSTEM), Caller(replace(ANN.reference, id="m-nobody"))):
        with pytest.raises(NotPermitted):
            org.invitations.invite(by, [BO])
    assert {event.outcome for event in org.told()} == {Outcome.DENIED} and org.log.access.read().invitations == ()

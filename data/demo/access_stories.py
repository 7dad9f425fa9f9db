"""Stories of people: who joins, who leaves, who may do what, and who tried to get in."""

from datetime import timedelta
from functools import partial
from random import Random

from data.access.model import MemberStatus
from data.demo.calendar import is_working_day, on
from data.demo.cast import Member
from data.demo.keys import ON_A_DEVICE, new_key
from data.demo.stage import Stage
from data.mail.model import MailError

_DAILY_KEY_SLIP = 0.012
_WEEKEND_PRESENCE = 0.06
_STRANGER = "203.0.113.199"
_REFUSED_IN_THE_NIGHT = 43


def tell(stage: Stage) -> None:
    """Puts all stories of people on the agenda."""
    for handle in stage.cast.members:
        _working_days(stage, handle)
    _newcomers(stage)
    _invitations_gone_wrong(stage)
    _stolen_laptop(stage)
    _leaver(stage)
    _long_leave(stage)
    _external_audit(stage)
    _release_crew(stage)
    _own_access(stage)
    _role_by_mistake(stage)
    _night_of_refusals(stage)
    stage.on(53, "11:40:02", lambda: _marries(stage))


def _working_days(stage: Stage, handle: str) -> None:
    """From now on a member comes on most working days, and hardly ever on others."""
    member, rng = stage.cast.members[handle], stage.rng
    for day in stage.calendar.days:
        works = is_working_day(day)
        morning = on(day, "08:00" if works else "09:30") + timedelta(minutes=rng.triangular(0, 150, 45))
        hours = rng.uniform(6.5, 9) if works else rng.uniform(0.3, 3)
        if rng.random() < (member.presence if works else _WEEKEND_PRESENCE) and morning > stage.agenda.now:
            stage.agenda.at(morning, partial(_arrive, stage, handle, hours))


def _arrive(stage: Stage, handle: str, hours: float) -> None:
    member = stage.cast.members[handle]
    if member.status is MemberStatus.ACTIVE:
        if stage.rng.random() < _DAILY_KEY_SLIP:
            stage.sessions.try_in(_key_of(f"another key of {handle}"), member.addresses[0])
            stage.journal.pause(30)
        stage.sessions.seat(handle, member.usual, hours)
    elif member.status is MemberStatus.SUSPENDED:
        stage.sessions.try_in(member.key_held.fingerprint, member.addresses[0])


def _newcomers(stage: Stage) -> None:
    """Nora's mail comes back and is sent again; Owen's first invitation goes to a wrong address."""
    access = stage.access

    def invite_nora() -> None:
        nora = Member("Nora Quist", "nora@example.com", "she", ("198.51.100.33", "192.0.2.61"), 0.8)
        busy, full = MailError("SMTP 451 mailbox busy"), MailError("SMTP 552 mailbox full", is_final=True)
        access.refuse_mail(nora.email, busy, busy, full)
        invited = access.invite(stage.seat("alice"), nora.email, roles=["reviewer"])
        assert invited is not None
        stage.agenda.after(timedelta(hours=4), lambda: access.resend(stage.seat("alice"), invited))
        stage.agenda.after(timedelta(hours=26), partial(access.accept, "nora", nora))
        stage.agenda.after(timedelta(hours=27), lambda: _working_days(stage, "nora"))

    def invite_owen() -> None:
        by = stage.seat("carla")
        wrong = access.invite(by, "owen@example.net", roles=["manager"])
        assert wrong is not None
        stage.journal.pause(95)
        access.revoke_invitation(by, wrong)
        stage.journal.pause(20)
        owen = Member("Owen Hale", "owen@example.com", "they", ("203.0.113.102",), 0.8, "portal")
        access.invite(by, owen.email, roles=["manager"])
        stage.agenda.after(timedelta(hours=22), partial(access.accept, "owen", owen))
        stage.agenda.after(timedelta(hours=23), lambda: _working_days(stage, "owen"))

    stage.on(62, "10:12:31", invite_nora)
    stage.on(34, "13:18:46", invite_owen)


def _invitations_gone_wrong(stage: Stage) -> None:
    """One is never answered, one is not Kofi's to send; one is refused by Dana's mail server this very day."""
    access = stage.access
    stage.on(59, "16:22:10", lambda: access.invite(stage.seat("carla"), "ruth@example.net", roles=["reviewer"]))
    stage.on(20, "14:35:12", lambda: access.invite(stage.seat("kofi"), "temp@example.net", roles=["reviewer"]))

    def invite_dana() -> None:
        address = "dana@example.org"
        unknown = MailError("SMTP 550 there is no such mailbox", is_final=True)
        access.refuse_mail(address, *[MailError("SMTP 451 mailbox busy")] * 3, unknown)
        dana = access.invite(stage.seat("alice"), address, roles=["reviewer"])
        assert dana is not None
        stage.agenda.after(timedelta(minutes=9), lambda: access.resend(stage.seat("alice"), dana))

    stage.before_end(294.38, invite_dana)


def _stolen_laptop(stage: Stage) -> None:
    """Farid's laptop is gone: barred, key removed, somebody tries it, and two days later he is back with a new key."""
    access, farid = stage.access, stage.cast.members["farid"]

    def bar() -> None:
        by = stage.seat("carla")
        access.suspend(by, farid, "laptop reported stolen")
        stage.journal.pause(33)
        access.remove_key(by, farid, "laptop reported stolen")

    def try_in() -> None:
        for _ in range(4):
            stage.sessions.try_in(farid.key_held.fingerprint, "198.51.100.250")
            stage.journal.pause(11)

    def welcome_back() -> None:
        by = stage.seat("carla")
        access.reinstate(by, farid, "new laptop handed out")
        stage.journal.pause(71)
        access.register_key(by, farid, ON_A_DEVICE)

    # Signed in from the laptop when it is taken, so that there is a session to end.
    stage.on(50, "12:20:31", lambda: stage.sessions.seat("farid", hours=6))
    stage.on(50, "12:47:05", bar)
    stage.on(50, "21:14:48", try_in)
    stage.on(48, "10:05:30", welcome_back)


def _leaver(stage: Stage) -> None:
    """Ivan leaves: what he held is withdrawn in one sitting, his key goes when he still tries it, then he is removed."""
    access, ivan = stage.access, stage.cast.members["ivan"]

    def withdraw() -> None:
        by = stage.seat("alice")
        access.suspend(by, ivan, "last working day")
        stage.journal.pause(25)
        access.remove_from_group(by, "support", ivan)
        stage.journal.pause(18)
        access.withdraw(by, "support", ivan)

    # A role of his own, besides that of his group, so that leaving takes more than one step.
    stage.on(60, "15:20:11", lambda: access.grant(stage.seat("alice"), "support", ivan))
    stage.on(30, "13:32:10", lambda: stage.sessions.seat("ivan", hours=4))
    stage.on(30, "14:01:20", withdraw)
    stage.on(27, "16:38:25", lambda: access.remove_key(stage.seat("alice"), ivan, "still tried after leaving"))
    stage.on(25, "09:58:43", lambda: access.remove(stage.seat("alice"), ivan, "left the organisation"))


def _long_leave(stage: Stage) -> None:
    """Jana is away for months: barred until she is back."""
    jana = stage.cast.members["jana"]
    stage.on(4, "16:12:20", lambda: stage.access.suspend(stage.seat("alice"), jana, "on leave until spring"))


def _external_audit(stage: Stage) -> None:
    """A role for one audit: made, widened, given to a group, taken back and deleted."""
    access = stage.access

    def found() -> None:
        access.create_role(stage.seat("carla"), "external", "External auditor", "For one audit", "audit:read")

    stage.on(72, "10:44:02", found)
    stage.on(72, "10:47:55", lambda: access.edit_group(stage.seat("carla"), "audit", roles=["external", "reviewer"]))
    stage.on(69, "11:20:37", lambda: access.permit(stage.seat("carla"), "external", "audit:read clients:read"))
    stage.on(43, "16:50:12", lambda: access.edit_group(stage.seat("carla"), "audit", roles=["reviewer"]))
    stage.on(43, "16:51:49", lambda: access.delete_role(stage.seat("carla"), "external"))


def _release_crew(stage: Stage) -> None:
    """A group for one release comes and goes; Bob moves into the group Support."""
    access, members = stage.access, stage.cast.members

    def found() -> None:
        by = stage.seat("carla")
        access.create_group(by, "release", "Release crew", "Who watches the release")
        for handle in ("marco", "hugo"):
            stage.journal.pause(14)
            access.add_to_group(by, "release", members[handle])

    def move_bob() -> None:
        by = stage.seat("carla")
        access.add_to_group(by, "support", members["bob"])
        stage.journal.pause(16)
        access.withdraw(by, "support", members["bob"])

    stage.on(47, "09:33:27", found)
    stage.on(36, "14:08:15", lambda: access.edit_group(stage.seat("carla"), "release", name="Release watch"))
    stage.on(21, "15:26:40", lambda: access.delete_group(stage.seat("carla"), "release"))
    stage.on(2, "17:41:26", move_bob)


def _own_access(stage: Stage) -> None:
    """Whoever does not manage access is refused it, and whoever does may not change their own, nor a role that ships."""
    access, members = stage.access, stage.cast.members
    everything = "audit:read audit:write clients:read clients:write"
    stage.on(55, "16:12:54", lambda: access.grant(stage.seat("bob"), "manager", members["bob"]))
    stage.on(54, "09:30:18", lambda: access.permit(stage.seat("hugo"), "integrations", everything))
    stage.on(33, "17:25:09", lambda: access.add_to_group(stage.seat("grace"), "support", members["jana"]))
    stage.on(16, "18:02:33", lambda: access.suspend(stage.seat("emi"), members["alice"], "on leave"))
    stage.on(10, "11:03:51", lambda: access.permit(stage.seat("alice"), "reviewer", "audit:read requests:read"))
    stage.on(8, "10:40:27", lambda: access.withdraw(stage.seat("carla"), "admin", members["carla"]))


def _role_by_mistake(stage: Stage) -> None:
    """Yesterday a permission was taken from the wrong role: two colleagues are stopped until it is put back."""
    access = stage.access
    kept = "access:read audit:read clients:read requests:read"
    stage.on(1, "16:31:48", lambda: access.permit(stage.seat("carla"), "integrations", kept))
    stage.on(1, "16:52:16", lambda: stage.clients.update(stage.seat("emi"), stage.cast.clients["travel"]))
    stage.on(1, "17:08:39", lambda: stage.clients.rotate(stage.seat("hugo"), stage.cast.clients["newsletter"]))
    stage.on(1, "18:20:03", lambda: access.permit(stage.seat("carla"), "integrations", f"clients:write {kept}"))


def _night_of_refusals(stage: Stage) -> None:
    """Somebody unknown knocks for a quarter of an hour at night; the morning after it is looked into."""

    moment = stage.calendar.working_day(13, "02:47:16")
    for number in range(_REFUSED_IN_THE_NIGHT):
        key = _key_of(f"key {number % 5} of a stranger")
        stage.agenda.at(moment, partial(stage.sessions.try_in, key, _STRANGER))
        moment += timedelta(seconds=stage.rng.uniform(3, 38))


def _marries(stage: Stage) -> None:
    stage.access.edit_member(stage.seat("alice"), stage.cast.members["lena"], name="Lena Brandt")


def _key_of(whose: str) -> str:
    """The fingerprint of a key that nobody registered."""
    return new_key(Random(whose).randbytes).fingerprint

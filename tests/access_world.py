"""A small organisation that is the same in every run: members, groups, roles, invitations and sessions in every state
that a keeper leaves as it is.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from data.access.model import (
    ADMINISTRATOR_ROLE,
    Access,
    AccessList,
    Delivery,
    Group,
    Invitation,
    Member,
    MemberStatus,
    Role,
    Session,
    SessionEnd,
    SshKey,
)
from data.permissions import Permission
from data.records import Draft, Reference
from tests.functional.console.demo_log import END, fill, open_log

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def _key(letter: str, kind: str, bits: int, comment: str, at: datetime) -> SshKey:
    return SshKey(f"SHA256:{letter * 6}k3NzhB8dEqXw7Vt2RpLmYc9JgUaSf0{letter * 7}", kind, bits, "AAAA", comment, at)


BUILT_IN = (
    Role(
        ADMINISTRATOR_ROLE,
        "Organisation administrator",
        "Everything, and who may do it.",
        (Permission.ADMIN,),
        built_in=True,
    ),
    Role(
        "client-manager",
        "Client manager",
        "API clients and their tokens.",
        (Permission.CLIENTS_READ, Permission.CLIENTS_WRITE, Permission.REQUESTS_READ),
        built_in=True,
    ),
    Role(
        "support",
        "Support",
        "Why an integration stopped working.",
        (Permission.AUDIT_READ, Permission.CLIENTS_READ, Permission.REQUESTS_READ),
        built_in=True,
    ),
    Role("reviewer", "Reviewer", "The audit log, to be read.", (Permission.AUDIT_READ,), built_in=True),
)
LOG_KEEPERS = Role(
    "r-LogKeepr",
    "Log keepers",
    "Erase single events and hold others back",
    (Permission.AUDIT_READ, Permission.AUDIT_WRITE),
)
NIGHT_WATCH = Role("r-NightWat", "Night watch", "", (Permission.CLIENTS_READ, Permission.REQUESTS_READ))
HOLLOW = Role("r-Hollow00", "Newcomers", "Nothing yet")
ROLES = (LOG_KEEPERS, NIGHT_WATCH, HOLLOW)
"""Those that are not built in."""

ALICE = Member(
    "m-AliceMos",
    "Alice Moss",
    "alice@example.org",
    END - 210 * _DAY,
    roles=("administrator",),
    keys=(
        _key("A", "ssh-ed25519", 256, "alice@laptop", END - 200 * _DAY),
        _key("B", "ssh-rsa", 3072, "alice@desk", END - 12 * _DAY),
    ),
)
BOB = Member(
    "m-BobOkafo",
    "Bob Okafor",
    "bob@example.org",
    END - 180 * _DAY,
    groups=("g-Support0",),
    keys=(_key("C", "ssh-ed25519", 256, "bob@phone-room", END - 90 * _DAY),),
)
CARLA = Member(
    "m-CarlaRui", "Carla Ruiz", "carla@example.org", END - 209 * _DAY, roles=("administrator",), login="carla"
)
EMI = Member(
    "m-EmiTanak",
    "Emi Tanaka",
    "emi@example.org",
    END - 150 * _DAY,
    MemberStatus.SUSPENDED,
    groups=("g-Platform",),
)
GRACE = Member("m-GraceLin", "Grace Lin", "grace@example.org", END - 120 * _DAY, groups=("g-Audit000",))
HUGO = Member(
    "m-HugoLind",
    "Hugo Lind",
    "hugo@example.org",
    END - 160 * _DAY,
    roles=("r-LogKeepr", "reviewer"),
    groups=("g-Audit000", "g-Platform"),
    keys=(_key("D", "ecdsa-sha2-nistp256", 256, "", END - 60 * _DAY),),
)
IVAN = Member("m-IvanPetr", "Ivan Petrov", "ivan@example.org", END - 100 * _DAY, MemberStatus.REMOVED)
JANA = Member("m-JanaNova", "Jana Novak", "jana@example.org", END - 3 * _DAY, groups=("g-Audit000",))
LENA = Member("m-LenaVogt", "Lena Vogt", "lena@example.org", END - 40 * _DAY)
MEMBERS = (ALICE, BOB, CARLA, EMI, GRACE, HUGO, IVAN, JANA, LENA)

PLATFORM = Group(
    "g-Platform", "Platform", "Who connects other systems", ("client-manager",), ("m-EmiTanak", "m-HugoLind")
)
SUPPORT = Group("g-Support0", "Support", "Who answers the phone", ("support",), ("m-BobOkafo",))
AUDIT = Group("g-Audit000", "Audit", "Who reads the log", ("reviewer",), ("m-GraceLin", "m-HugoLind", "m-JanaNova"))
CONTRACTORS = Group("g-Contract", "Contractors")
GROUPS = (PLATFORM, SUPPORT, AUDIT, CONTRACTORS)


def _invitation(number: int, email: str, by: Member, days_ago: float, **more: object) -> Invitation:
    at = END - days_ago * _DAY
    return Invitation(f"i-Invite{number:02}", email, by.reference, at, at + 7 * _DAY, **more)  # type: ignore[arg-type]


DANA = _invitation(
    1,
    "dana@example.org",
    ALICE,
    1,
    roles=("reviewer",),
    groups=("g-Audit000",),
    delivery=Delivery.SENT,
    attempts=1,
    sent_at=END - _DAY,
)
ERIK = _invitation(
    2,
    "erik@example.net",
    ALICE,
    0.1,
    groups=("g-Support0",),
    delivery=Delivery.FAILED,
    attempts=3,
    last_error="451 4.3.0 mailbox busy",
    next_try_at=END + 31 * _MINUTE,
)
FREYA = _invitation(3, "freya@example.org", CARLA, 6.8, roles=("support",))
JANAS = _invitation(
    4,
    JANA.email,
    ALICE,
    4,
    groups=("g-Audit000",),
    delivery=Delivery.SENT,
    sent_at=END - 4 * _DAY,
    accepted_at=JANA.joined_at,
    accepted_by=JANA.id,
)
KOFI = _invitation(5, "kofi@example.org", CARLA, 20, roles=("r-Gone0000",), revoked_at=END - 19 * _DAY)
MARCO = _invitation(
    6,
    "marco@example.com",
    ALICE,
    30,
    delivery=Delivery.FAILED,
    attempts=9,
    last_error="550 5.1.1 no such user",
    expired_at=END - 23 * _DAY,
)
INVITATIONS = (DANA, ERIK, FREYA, JANAS, KOFI, MARCO)


def _session(number: int, member: Member, began: timedelta, **more: object) -> Session:
    at = END - began
    return Session(f"s-Session{number}", member.reference, at, **{"seen_at": END - _MINUTE / 2, **more})  # type: ignore[arg-type]


ALICES = _session(
    1,
    ALICE,
    72 * _MINUTE,
    address="198.51.100.7",
    terminal="xterm-256color",
    program_version="0.9.0",
    fingerprint=ALICE.keys[0].fingerprint,
)
BOBS = _session(2, BOB, 5 * _HOUR, address="203.0.113.19", terminal="tmux-256color", program_version="0.9.0")
CARLAS = _session(3, CARLA, 9 * _MINUTE, terminal="screen", program_version="0.9.0")
EMIS = _session(
    4,
    EMI,
    2 * _DAY,
    seen_at=END - 2 * _DAY + 40 * _MINUTE,
    address="2001:db8:71::a4",
    terminal="xterm-kitty",
    ended_at=END - 2 * _DAY + 40 * _MINUTE,
    ending=SessionEnd.ENDED,
    ended_by=ALICE.name,
)
GRACES = _session(
    5,
    GRACE,
    1 * _DAY,
    seen_at=END - 1 * _DAY + 3 * _HOUR,
    address="198.51.100.31",
    terminal="xterm-256color",
    ended_at=END - 1 * _DAY + 3 * _HOUR + 2 * _MINUTE,
    ending=SessionEnd.LOST,
)
HUGOS = _session(
    6,
    HUGO,
    30 * _HOUR,
    seen_at=END - 29 * _HOUR,
    address="198.51.100.21",
    terminal="xterm-256color",
    ended_at=END - 29 * _HOUR,
    ending=SessionEnd.SIGNED_OUT,
)
SESSIONS = (ALICES, BOBS, CARLAS, EMIS, GRACES, HUGOS)


def story() -> Iterator[Draft]:
    """What was done lately, as the services tell of it."""
    by_alice = {"actor": ALICE.reference, "service": "console", "ip": "198.51.100.7", "session_id": ALICES.id}

    def happened(tag: str, ago: timedelta, target: Reference, **more: object) -> Draft:
        return Draft(**{"type": tag, "occurred_at": END - ago, "target": target, **by_alice, **more})  # type: ignore[arg-type]

    yield happened("role.created", 50 * _DAY, LOG_KEEPERS.reference)
    yield happened(
        "role.granted",
        49 * _DAY,
        LOG_KEEPERS.reference,
        data={"grantee_type": "member", "grantee": HUGO.id, "grantee_name": HUGO.name},
    )
    yield happened(
        "group.member_added", 40 * _DAY, PLATFORM.reference, data={"member": HUGO.id, "member_name": HUGO.name}
    )
    yield happened("session.signed_in", 30 * _HOUR, HUGO.reference, actor=HUGO.reference, session_id=HUGOS.id)
    yield happened("session.signed_out", 29 * _HOUR, HUGO.reference, actor=HUGO.reference, session_id=HUGOS.id)
    yield happened(
        "member.suspended",
        2 * _DAY - 40 * _MINUTE,
        EMI.reference,
        reason="on leave; her key was copied to a shared host",
    )
    yield happened("invitation.sent", _DAY, DANA.reference)
    yield happened("session.signed_in", 72 * _MINUTE, ALICE.reference)
    yield happened("invitation.sent", 0.1 * _DAY, ERIK.reference)


def access_list(owner: Reference | None = None) -> AccessList:
    """The same without a database, as of its moment."""
    return AccessList(
        Access(
            {one.id: one for one in MEMBERS},
            {one.id: one for one in GROUPS},
            {one.id: one for one in (*BUILT_IN, *ROLES)},
        ),
        INVITATIONS,
        SESSIONS,
        END,
        owner,
    )


def fill_access(path: Path) -> None:
    """The organisation in a database of its own, by its rows and the events that tell of them."""
    with closing(open_log(path)) as log:
        log.open()
        with log._database.writing() as work:
            for role in ROLES:
                work.access.put_role(role)
            for member in MEMBERS:
                work.access.put_member(member)
            for group in GROUPS:
                work.access.put_group(group)
            for member in MEMBERS:
                for key in member.keys:
                    work.access.add_key(member.id, key)
            for number, invitation in enumerate(INVITATIONS):
                work.invitations.put(invitation, bytes([number]) * 32)
            for session in SESSIONS:
                work.sessions.add(session)
            work.commit()
    fill(path, story())

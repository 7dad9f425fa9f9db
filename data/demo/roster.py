"""The organisation as it stands on the first day: names, addresses, scopes and dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from ipaddress import ip_network
from random import Random

from data.access.model import ADMINISTRATOR_ROLE
from data.clients.model import IssuedToken
from data.demo.cast import ApiProxy, Cast, ClientPlan, ExternalSystem, Member, Project, User
from data.tokens import BASE62

BUILT_IN = (
    ("admin", ADMINISTRATOR_ROLE),
    ("manager", "client-manager"),
    ("support", "support"),
    ("reviewer", "reviewer"),
)
"""Handles and ids of the roles that ship."""

# handle, name, description, permissions
ROLES = (
    (
        "integrations",
        "Integration manager",
        "API clients, and who may do what with them",
        "access:read audit:read clients:read clients:write requests:read",
    ),
)

# handle, name, description, roles
GROUPS = (
    ("platform", "Platform", "Who connects other systems", "integrations"),
    ("support", "Support", "Who answers the phone", "support"),
    ("audit", "Audit", "Who reads the log", "reviewer"),
)

FIRST = "alice"
"""Who is the first administrator, and invites everybody else."""

# handle, name, pronoun, roles, groups, addresses, how many of five working days they are there, usual service
MEMBERS = (
    ("alice", "Alice Moss", "she", "admin", "", "198.51.100.7 2001:db8:20::7", 4.6, "console"),
    ("bob", "Bob Okafor", "he", "support", "", "203.0.113.19 198.51.100.12", 4.7, "console"),
    ("carla", "Carla Ruiz", "she", "admin", "", "192.0.2.44 198.51.100.9", 3.9, "console"),
    ("hugo", "Hugo Lind", "he", "", "platform", "198.51.100.21", 4.4, "console"),
    ("emi", "Emi Tanaka", "she", "", "platform", "198.51.100.23 2001:db8:71::a4", 4.2, "console"),
    ("farid", "Farid Nasser", "he", "", "support", "203.0.113.54", 4.5, "console"),
    ("grace", "Grace Lin", "she", "", "audit", "198.51.100.31 192.0.2.80", 3.0, "console"),
    ("ivan", "Ivan Petrov", "he", "", "support", "203.0.113.61 198.51.100.14", 4.3, "console"),
    ("jana", "Jana Novak", "she", "", "audit", "2001:db8:9c::12", 2.2, "console"),
    ("kofi", "Kofi Mensah", "he", "manager", "", "198.51.100.26", 4.4, "portal"),
    ("lena", "Lena Vogt", "she", "", "support", "192.0.2.97", 4.0, "portal"),
    ("marco", "Marco Bianchi", "he", "", "platform", "198.51.100.28 203.0.113.90", 4.5, "portal"),
)

# handle, name, owner, scopes, network, last day counted from the end, days between rotations (0: by hand), token or ""
_CLIENTS = (
    (
        "payroll",
        "Payroll sync",
        "hugo",
        "users:read users:write payments:read",
        "192.0.2.128/28",
        20,
        0,
        "adk_7Fh2xQ9b",
    ),
    ("grants", "Grant reporting", "kofi", "grants:read reports:read", "192.0.2.144/28", 74, 0, "adk_c81QmZ4t"),
    ("hr", "Legacy HR feed", "emi", "users:read users:write", "203.0.113.128/29", -2, 0, "adk_00aXr7Lw"),
    ("importer", "Old importer", "alice", "users:write", "203.0.113.136/29", -24, 0, ""),
    ("warehouse", "Warehouse export", "hugo", "users:read reports:read", "203.0.113.144/29", -74, 0, ""),
    ("timesheets", "Contractor timesheets", "emi", "users:read hours:write", "198.51.100.128/29", 112, 12, ""),
    ("chatbot", "Pilot chatbot", "marco", "users:read", "198.51.100.136/29", 30, 0, ""),
    ("mirror", "Partner mirror", "kofi", "grants:read users:read", "198.51.100.144/29", 61, 0, ""),
    ("deploy", "Deploy pipeline", "marco", "proxies:read proxies:write", "192.0.2.160/28", 26, 7, ""),
    ("bridge", "Identity bridge", "marco", "users:read users:write users:invite", "192.0.2.176/28", 96, 9, ""),
    ("config", "Configuration sync", "marco", "projects:read projects:write", "192.0.2.192/28", 1, 14, ""),
    ("evidence", "Evidence export", "grace", "audit:read", "192.0.2.208/28", 6, 14, ""),
    ("finance", "Finance ledger", "emi", "payments:read payments:write", "198.51.100.152/29", 41, 10, ""),
    ("donations", "Donation gateway", "emi", "payments:write receipts:write", "198.51.100.160/29", 133, 10, ""),
    ("newsletter", "Newsletter lists", "hugo", "users:read", "198.51.100.168/29", 27, 0, ""),
    ("badges", "Badge printer", "hugo", "users:read badges:write", "198.51.100.176/29", 88, 0, ""),
    ("library", "Library catalogue", "kofi", "users:read loans:write", "198.51.100.184/29", 115, 21, ""),
    ("rooms", "Room booking", "hugo", "users:read rooms:write", "203.0.113.152/29", 64, 0, ""),
    ("travel", "Travel claims", "emi", "users:read claims:write", "203.0.113.160/29", 47, 14, ""),
    ("statistics", "Yearly statistics", "kofi", "reports:read grants:read", "203.0.113.168/29", 171, 0, ""),
    ("archive", "Records archive", "grace", "records:read", "203.0.113.176/29", 182, 21, ""),
    ("helpdesk", "Helpdesk tickets", "bob", "users:read tickets:write", "203.0.113.184/29", 53, 10, ""),
    ("directory", "Public directory", "hugo", "users:read", "203.0.113.192/29", 139, 0, ""),
    ("backup", "Off-site backup", "alice", "records:read users:read", "2001:db8:40::/64", 70, 7, ""),
    ("monitor", "Uptime monitor", "alice", "status:read", "2001:db8:41::/64", 226, 14, ""),
    ("courses", "Course enrolment", "emi", "users:read courses:write", "203.0.113.200/29", 92, 0, ""),
)

SCOPES = (
    *("audit:read", "badges:write", "claims:write", "courses:read", "courses:write", "grants:read", "hours:write"),
    *("loans:write", "payments:read", "payments:write", "places:read", "projects:read", "projects:write"),
    *("proxies:read", "proxies:write", "receipts:write", "records:read", "reports:read", "rooms:read", "rooms:write"),
    *("status:read", "tickets:write", "users:invite", "users:read", "users:write"),
)
"""What clients can be allowed here."""

# handle, name, environment
_PROJECTS = (
    ("members", "Member directory", "production"),
    ("grants", "Grants", "production"),
    ("payments", "Payments", "production"),
    ("sandbox", "Old sandbox", "test"),
)

# handle, name, project, version
_PROXIES = (
    ("directory", "directory-api", "members", "2.8.0"),
    ("grants", "grants-api", "grants", "1.14.2"),
    ("payments", "payments-api", "payments", "4.1.0"),
    ("reports", "reports-api", "grants", "0.9.6"),
)

_GIVEN = (
    *("Aino", "Bram", "Chloe", "Dmitri", "Elif", "Femi", "Gita", "Hana", "Idris", "Juana", "Kaito", "Leila", "Mats"),
    *("Noor", "Oskar", "Pia", "Quentin", "Rosa", "Sven", "Tala", "Umar", "Vera", "Wren", "Ximena", "Yusuf", "Zofia"),
)
_FAMILY = (
    *("Abara", "Bakker", "Castro", "Dahl", "Eriksen", "Fofana", "Gruber", "Horvat", "Ito", "Jansen", "Kaya", "Lopes"),
    *("Meyer", "Nikolic", "Olsen", "Park", "Quiroga", "Rossi", "Sato", "Tremblay"),
)
DEPARTMENTS = ("Grants", "Finance", "Field work", "Communication", "Volunteers", "Legal", "Library", "Events")
_MAIL_DOMAINS = ("example.org", "example.com", "example.net")
_AT_FIRST = 60


def opening_cast(last_day: date, rng: Random) -> Cast:
    """Everything on the first day of a demo whose last day is `last_day`; its people join by themselves."""
    cast = Cast(roles=dict(BUILT_IN))
    names = {handle: name for handle, name, *_ in MEMBERS}
    for handle, name, owner, scopes, network, days, rotates, token in _CLIENTS:
        public_id = token or "adk_" + "".join(rng.choices(BASE62, k=8))
        expires = last_day + timedelta(days=days)
        plan = ClientPlan(handle, name, names[owner], scopes, network, expires, rotates, public_id)
        cast.planned.append(plan)
    for handle, name, environment in _PROJECTS:
        cast.projects[handle] = Project(cast.next_id("p"), name, environment)
    for handle, name, project, version in _PROXIES:
        cast.proxies[handle] = ApiProxy(cast.next_id("x"), name, cast.projects[project], version, version)
    for _ in range(_AT_FIRST):
        cast.users.append(new_user(cast, rng))
    return cast


def opening_members() -> Iterator[tuple[str, Member, tuple[str, ...], tuple[str, ...]]]:
    """Who joins on the first day: handle, person, roles and groups, both by their handles."""
    for handle, name, pronoun, roles, groups, addresses, days, usual in MEMBERS:
        email = f"{handle}@example.org"
        member = Member(name, email, pronoun, tuple(addresses.split()), days / 5, usual)
        yield handle, member, tuple(roles.split()), tuple(groups.split())


def new_system(plan: ClientPlan, issued: IssuedToken) -> ExternalSystem:
    """What calls as a client that was made just now, from within its one network."""
    address = str(ip_network(plan.network)[3])
    agent = f"{plan.name.lower().replace(' ', '-')}/1.{len(plan.name) % 7}"
    return ExternalSystem(issued.client, issued.token.public_id, address, agent, tuple(plan.scopes.split()))


def new_user(cast: Cast, rng: Random) -> User:
    """A user with an invented name; not yet one of the cast."""
    given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
    number = cast.next_id("u")
    email = f"{given}.{family}{number[2:]}@{rng.choice(_MAIL_DOMAINS)}".lower()
    return User(number, f"{given} {family}", email, rng.choice(DEPARTMENTS))

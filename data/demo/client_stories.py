"""Stories of API clients: made, mended, rotated, forgotten until they fail, ended."""

from datetime import timedelta
from functools import partial

from data.access.model import MemberStatus
from data.demo.calendar import on
from data.demo.cast import ClientPlan, ExternalSystem, User
from data.demo.stage import Stage

_NEW_CLIENTS = (
    # working days back, clock, by, handle, name, scopes, network, days, how the token is handed over
    (
        81,
        "10:12:40",
        "alice",
        "volunteers",
        "Volunteer portal",
        "users:read users:write",
        "192.0.2.224/29",
        180,
        "copied",
    ),
    (66, "15:31:09", "hugo", "maps", "Site maps", "places:read", "192.0.2.232/29", 90, "copied"),
    (49, "11:05:55", "emi", "survey", "Annual survey", "users:read", "192.0.2.240/29", 60, "printed"),
    (37, "09:48:21", "hugo", "signage", "Lobby signage", "rooms:read", "203.0.113.208/29", 180, "copied"),
    (
        22,
        "14:20:02",
        "emi",
        "mentoring",
        "Mentoring match",
        "users:read courses:read",
        "203.0.113.216/29",
        120,
        "saved",
    ),
    (9, "16:40:33", "hugo", "lab", "Lab inventory", "records:read", "203.0.113.224/29", 180, "copied"),
    (
        1,
        "16:05:12",
        "alice",
        "grant-archive",
        "Grant archive",
        "grants:read records:read",
        "203.0.113.232/29",
        74,
        "copied",
    ),
)
# Clients of the roster that nothing else here is about, so that everyday chores may change them.
_CHORES_ON = (
    *("bridge", "finance", "donations", "newsletter", "badges", "library", "rooms", "travel", "statistics", "archive"),
    *("helpdesk", "directory", "backup", "monitor", "courses"),
)
_SPARE_SCOPES = ("reports:read", "records:read", "places:read", "status:read", "courses:read")
_SPARE_NETWORKS = ("192.0.2.248/29", "198.51.100.192/28", "203.0.113.240/28", "2001:db8:42::/64")
_DESCRIPTIONS = (
    "Nightly, from the data centre",
    "Hourly; ask the owner before a change",
    "Run by a partner",
    "On request",
)
_CHORES_A_DAY = 2.0


def tell(stage: Stage) -> None:
    """Puts all stories of API clients on the agenda."""
    for back, clock, by, handle, name, scopes, network, days, handed in _NEW_CLIENTS:
        owner = stage.cast.members[by].name
        stage.on(back, clock, partial(_create, stage, by, handle, name, owner, scopes, network, days, handed))
    _chores(stage)
    _lapsed_warehouse(stage)
    _lapsed_feed(stage)
    _rotation_by_hand(stage)
    _leaked_token(stage)
    _pilot_that_ended(stage)
    _old_importer(stage)
    _payroll_and_the_last_hours(stage)


def handles_of_new_clients() -> tuple[str, ...]:
    """The clients that are made in the course of the demo."""
    return tuple(handle for _, _, _, handle, *_ in _NEW_CLIENTS)


def _create(
    stage: Stage, by: str, handle: str, name: str, owner: str, scopes: str, network: str, days: int, handed: str
) -> None:
    origin = stage.seat(by)
    expires = stage.journal.today + timedelta(days=days)
    stage.clients.create(origin, ClientPlan(handle, name, owner, scopes, network, expires), handed)


def _chores(stage: Stage) -> None:
    """Small changes on most days, and now and then somebody tries what only a client manager may do."""
    for back in range(stage.calendar.working_days, 1, -1):
        for _ in range(int(stage.rng.random() * 2 * _CHORES_A_DAY + 0.5)):
            minutes = stage.rng.randrange(9 * 60, 17 * 60)
            stage.on(back, f"{minutes // 60:02d}:{minutes % 60:02d}", partial(_chore, stage))


def _chore(stage: Stage) -> None:
    rng = stage.rng
    client = stage.cast.clients[rng.choice(_CHORES_ON)]
    handle = rng.choices(("hugo", "emi", "alice", "carla", "bob", "farid"), (34, 30, 12, 8, 7, 5))[0]
    if stage.cast.members[handle].status is not MemberStatus.ACTIVE:
        handle = "alice"
    by = stage.seat(handle)
    if by.refusal("clients:write"):
        stage.clients.update(by, client)
        return
    match rng.randrange(8):
        case 0 | 1:
            later = max(client.expires, stage.journal.today) + timedelta(days=rng.choice((30, 60, 90)))
            day = min(later, stage.journal.today + timedelta(days=360))
            stage.clients.update(by, client, expires=day.isoformat())
        case 2 | 3:
            stage.clients.update(by, client, scopes=_toggled(client.scopes, rng.choice(_SPARE_SCOPES)))
        case 4 | 5:
            stage.clients.update(by, client, networks=_toggled(client.networks, rng.choice(_SPARE_NETWORKS)))
        case 6:
            stage.clients.update(by, client, description=rng.choice(_DESCRIPTIONS))
        case _:
            stage.clients.fail_update(by, client, "the database did not answer within 5 s; nothing was changed")


def _toggled(values: tuple[str, ...], value: str) -> str:
    return " ".join(kept for kept in values if kept != value) if value in values else " ".join((*values, value))


def _calls(stage: Stage, client: ExternalSystem, *, hours: int, times: int) -> None:
    """A client goes on calling, allowed or not."""

    for number in range(times):
        user = stage.cast.users[number % 40]
        call = partial(_call, stage, client, user)
        stage.agenda.after(timedelta(hours=hours * number, minutes=7 + number % 3), call)


def _call(stage: Stage, client: ExternalSystem, user: User) -> None:
    stage.portal.user("updated", stage.clients.origin(client), user)


def _lapsed_warehouse(stage: Stage) -> None:
    """Nobody moved the date in time: the export stops at midnight, Bob may not mend it, Alice does the next day."""
    warehouse = stage.cast.clients["warehouse"]
    lapse = on(warehouse.expires + timedelta(days=1), "00:05")
    noticed = stage.calendar.next_working_day(warehouse.expires + timedelta(days=1), "09:21:14")
    stage.agenda.at(lapse, lambda: _calls(stage, warehouse, hours=1, times=int((noticed - lapse) / timedelta(hours=1))))

    def ask() -> None:
        stage.clients.update(stage.seat("bob"), warehouse)

    def mend() -> None:
        by = stage.seat("alice")
        stage.clients.update(by, warehouse, expires="12 months")
        stage.journal.pause(40)
        stage.clients.issue(by, warehouse)

    stage.agenda.at(noticed, ask)
    stage.agenda.at(noticed + timedelta(minutes=32), mend)


def _lapsed_feed(stage: Stage) -> None:
    """The same again, two days before the end, and this one is still waiting for somebody to ask why."""
    feed = stage.cast.clients["hr"]
    stage.agenda.at(on(feed.expires + timedelta(days=1), "00:10"), lambda: _calls(stage, feed, hours=2, times=30))
    stage.before_end(96.4, lambda: stage.clients.update(stage.seat("bob"), feed))


def _rotation_by_hand(stage: Stage) -> None:
    """A token is replaced with an overlap, the partner needs longer, and the old one ends before its time."""
    grants = stage.cast.clients["grants"]
    later = timedelta(days=8)
    stage.on(26, "10:31:17", lambda: stage.clients.rotate(stage.seat("carla"), grants, used_after=later))
    stage.on(25, "11:02:41", lambda: stage.clients.hand_over(stage.seat("carla"), grants, "saved"))

    def prolong() -> None:
        stage.clients.prolong(stage.seat("carla"), grants, stage.journal.today + timedelta(days=14))

    stage.on(23, "15:12:08", prolong)
    stage.on(
        18, "09:37:50", lambda: stage.clients.end_overlap(stage.seat("carla"), grants, "the partner uses the new token")
    )
    failed = "the terminal did not take the text; nothing was copied"
    stage.on(26, "10:29:30", lambda: stage.clients.hand_over(stage.seat("carla"), grants, "copied", failed))
    rooms = stage.cast.clients["rooms"]
    stage.on(
        58,
        "13:44:09",
        lambda: stage.clients.rotate(stage.seat("hugo"), rooms, handed="saved", used_after=timedelta(days=2)),
    )
    stage.on(12, "10:15:26", lambda: stage.clients.rotate(stage.seat("farid"), rooms))


def _leaked_token(stage: Stage) -> None:
    """A partner publishes its token: revoked within the hour, and tried from elsewhere for two days."""
    mirror = stage.cast.clients["mirror"]
    stage.on(
        15, "13:26:02", lambda: stage.clients.revoke(stage.seat("hugo"), mirror, "token found in a public repository")
    )

    def elsewhere() -> None:
        mirror.address, mirror.user_agent = "203.0.113.77", "python-requests/2.32"
        _calls(stage, mirror, hours=5, times=9)

    stage.on(15, "14:03", elsewhere)


def _pilot_that_ended(stage: Stage) -> None:
    """A pilot is revoked with its reason, and tidied away some days later."""
    chatbot = stage.cast.clients["chatbot"]
    stage.on(45, "17:02:44", lambda: stage.clients.revoke(stage.seat("emi"), chatbot, "the pilot is over"))
    stage.on(40, "09:12:19", lambda: stage.clients.delete(stage.seat("emi"), chatbot, "tidied up after the pilot"))

    def delete_survey() -> None:
        survey = stage.cast.clients["survey"]
        stage.clients.delete(stage.seat("emi"), survey, "the survey is closed")

    stage.on(11, "15:55:31", delete_survey)


def _old_importer(stage: Stage) -> None:
    """It did its work in one afternoon long ago, expired unnoticed and was deleted yesterday."""
    importer = stage.cast.clients["importer"]
    stage.on(1, "16:05:59", lambda: stage.clients.delete(stage.seat("alice"), importer, "replaced by Identity bridge"))


def _payroll_and_the_last_hours(stage: Stage) -> None:
    """A slip of yesterday, mended today, beside a refusal and the end of a contract."""
    clients = stage.clients
    payroll, timesheets = stage.cast.clients["payroll"], stage.cast.clients["timesheets"]
    grants = stage.cast.clients["grants"]

    def slip() -> None:
        clients.update(stage.seat("hugo"), payroll, name="Payrol sync", description="Nightly, from the ledger")

    def mend() -> None:
        scopes = " ".join("payments:write" if scope == "payments:read" else scope for scope in payroll.scopes)
        clients.update(stage.seat("alice"), payroll, name="Payroll sync", expires="350 days", scopes=scopes)

    stage.on(1, "14:10:37", slip)
    stage.before_end(168.95, lambda: clients.revoke(stage.seat("bob"), grants, "asked for by the partner"))
    stage.before_end(21.17, mend)
    stage.before_end(6.5, lambda: clients.revoke(stage.seat("alice"), timesheets, "contract ended"))

"""The two logs as they are shown: what they hold is called, which filters they have, and what is said of an empty one."""

from dataclasses import dataclass

from data.records import Log
from tui.presenters.noun import EVENTS, REQUESTS, Noun
from tui.presenters.sidebar_plan import CHANGE_LOG_PLAN, REQUEST_LOG_PLAN, SidebarPlan


@dataclass(frozen=True, slots=True)
class LogKind:
    """One of the logs. `screen` is the id of its numbered screen, `command` lists it on the command line.

    `lacks` are actions of the deck and the sidebar that mean nothing here, so that no row of keys names them.
    """

    screen: str
    noun: Noun
    command: str
    sidebar: SidebarPlan
    empty: str
    lacks: frozenset[str] = frozenset()
    log: Log = Log.CHANGES


CHANGE_LOG = LogKind(
    "log",
    EVENTS,
    "events",
    CHANGE_LOG_PLAN,
    "auditdeck import FILE brings events in; auditdeck demo shows what it is like.",
)
REQUEST_LOG = LogKind(
    "requests",
    REQUESTS,
    "requests",
    REQUEST_LOG_PLAN,
    "auditdeck gateway records what it lets through; auditdeck import --requests FILE brings requests in.",
    frozenset({"log.views", "sidebar.jump_e"}),
    Log.REQUESTS,
)

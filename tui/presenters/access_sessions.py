"""The list of sessions: who is on, and who was."""

from zoneinfo import ZoneInfo

from data.access.model import Session, SessionEnd
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_table import AccessTable, Cell, ListedItem, Order, searched
from tui.presenters.access_tabs import AccessTab
from tui.presenters.ages import lasting_text
from tui.presenters.list_columns import Column, NameColumn
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import count_text, moment_text

_COLUMNS = (
    Column("Status", 10, 0),
    Column("Since", 12, 1),
    Column("For", 10, 2),
    Column("From", 15, 3),
    Column("Terminal", 16, 4, grows=True),
)
_ORDERS = (
    Order("t", "time", "Those that go on stand first; of these and of the others the newest.", 2),
    Order("w", "who", "From A to Z, of each the newest first.", 0),
)


def session_table(roster: AccessRoster, zone: ZoneInfo) -> AccessTable:
    """The sessions that go on, and the newest of the others."""
    there = roster.found.sessions
    return AccessTable(
        AccessTab.SESSIONS,
        NameColumn("Who", least=10, narrowest=10),
        _COLUMNS,
        _ORDERS,
        tuple(_session(one, roster, zone) for one in there),
        Noun("session", "sessions"),
        ((f"{count_text(roster.on_now)} on now", Role.ACCENT),) if roster.on_now else (),
        (
            "Nobody has signed in yet",
            *(("On a database in a file of one's own nobody signs in: its owner is there.",) if roster.owner else ()),
        ),
        "member, address or terminal",
    )


def status_words(session: Session, roster: AccessRoster) -> str:
    """How a session stands: `on`, `not heard`, or how it came to its end."""
    if session.ending is not None:
        return session.ending.value
    return "not heard" if roster.is_unheard(session) else "on"


def lasted_words(session: Session, roster: AccessRoster) -> str:
    """How long it lasted, or lasts until now."""
    end = session.ended_at or roster.now
    return lasting_text(max((end - session.began_at).total_seconds(), 0))


def _session(session: Session, roster: AccessRoster, zone: ZoneInfo) -> ListedItem:
    is_over = session.ended_at is not None
    began = -session.began_at.timestamp()
    text, words = (Role.FAINT, Role.FAINT) if is_over else (Role.TEXT, Role.MUTED)
    state = {SessionEnd.ENDED: Role.DENIED, None: Role.ACCENT}.get(session.ending, Role.FAINT)
    name = session.member.label
    return ListedItem(
        session.id,
        (
            Cell(name, Role.MUTED if is_over else Role.TITLE, bold=not is_over),
            Cell(status_words(session, roster), Role.DENIED if roster.is_unheard(session) else state),
            Cell(moment_text(session.began_at, zone), text),
            Cell(lasted_words(session, roster), words),
            Cell(session.address or "", words),
            Cell(session.terminal or "", words),
        ),
        searched(name, session.id, session.address, session.terminal, status_words(session, roster)),
        ((is_over, began), (name.casefold(), began)),
    )

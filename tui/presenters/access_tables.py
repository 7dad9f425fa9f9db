"""All lists of the Access screen: with thousands of members they take a while, so whoever asks makes them in its thread."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from tui.presenters.access_groups import group_table
from tui.presenters.access_invitations import invitation_table
from tui.presenters.access_members import member_table
from tui.presenters.access_roles import role_table
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sessions import session_table
from tui.presenters.access_table import AccessTable
from tui.presenters.access_tabs import AccessTab

AccessTables = Mapping[AccessTab, AccessTable]


def access_tables(roster: AccessRoster, zone: ZoneInfo) -> AccessTables:
    """The list of each tab; times are shown in `zone`."""
    return {
        AccessTab.MEMBERS: member_table(roster),
        AccessTab.GROUPS: group_table(roster),
        AccessTab.ROLES: role_table(roster),
        AccessTab.INVITATIONS: invitation_table(roster, zone),
        AccessTab.SESSIONS: session_table(roster, zone),
    }

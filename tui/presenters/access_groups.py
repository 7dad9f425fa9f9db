"""The list of groups."""

from data.access.model import Group
from tui.presenters.access_roster import AccessRoster, by_name, permission_names
from tui.presenters.access_table import AccessTable, Cell, ListedItem, Order, searched
from tui.presenters.access_tabs import AccessTab
from tui.presenters.list_columns import Column, NameColumn
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import count_text

_COLUMNS = (
    Column("Members", 7, 0),
    Column("Roles", 18, 1, grows=True),
    Column("Description", 20, 2, grows=True),
)
_ORDERS = (
    Order("n", "name", "From A to Z.", 0),
    Order("m", "members", "The largest stands first.", 1),
)


def group_table(roster: AccessRoster) -> AccessTable:
    """Every group."""
    return AccessTable(
        AccessTab.GROUPS,
        NameColumn(),
        _COLUMNS,
        _ORDERS,
        tuple(_group(one, roster) for one in roster.groups.values()),
        Noun("group", "groups"),
        (),
        ("There is no group yet", "A group's members hold its roles."),
        "name, description, roles or permissions",
    )


def _group(group: Group, roster: AccessRoster) -> ListedItem:
    roles = tuple(one.name for one in by_name(roster.roles[one] for one in group.roles if one in roster.roles))
    gives = permission_names(roster.found.access.permissions_in(group.roles))
    name, members = group.name.casefold(), len(group.members)
    return ListedItem(
        group.id,
        (
            Cell(group.name, Role.TITLE, bold=True),
            Cell(count_text(members) if members else "none", Role.TEXT if members else Role.FAINT),
            Cell(roles or ("(none)",), Role.MUTED if roles else Role.FAINT),
            Cell(group.description),
        ),
        searched(group.name, group.description, group.id, *roles, *gives),
        ((name, group.id), (-members, name)),
    )

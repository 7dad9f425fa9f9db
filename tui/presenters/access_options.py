"""What can be ticked in the forms of roles, groups, members and invitations, and what of it one cannot give, and why."""

from collections.abc import Iterable

from data.access.model import Access, Group, MemberStatus, Role, Standing
from data.permissions import PERMISSION_GROUPS, Permission
from tui.presenters.access_losses import permission_words
from tui.presenters.access_roster import by_name
from tui.presenters.check_rows import Option
from tui.presenters.form import listed
from tui.presenters.values import count_text

OWN = "nobody changes their own access"


def permission_options(standing: Standing | None) -> tuple[Option, ...]:
    """Every permission under the name of its group. Without a `standing` it is not known yet what one can give."""
    return tuple(
        Option(
            str(permission),
            str(permission),
            permission.words,
            group.name,
            None if standing is None or standing.may(permission) else "you do not hold it",
        )
        for group in PERMISSION_GROUPS
        for permission in group.permissions
    )


def role_options(access: Access, standing: Standing | None, *, is_own: bool = False) -> tuple[Option, ...]:
    """Every role with its permissions; `is_own` where it would be one's own access that changes."""
    return tuple(
        _option(role, _role_words(role), _giving_problem(access, (role.id,), standing), is_own)
        for role in by_name(access.roles.values())
    )


def group_options(access: Access, standing: Standing | None, *, is_own: bool = False) -> tuple[Option, ...]:
    """Every group with its roles."""
    return tuple(
        _option(group, _group_words(access, group), _giving_problem(access, group.roles, standing), is_own)
        for group in by_name(access.groups.values())
    )


def member_options(access: Access, standing: Standing | None) -> tuple[Option, ...]:
    """Every member who was not removed, with their address; oneself as one is."""
    own = None if standing is None else standing.who.id
    present = [one for one in access.members.values() if one.status is not MemberStatus.REMOVED]
    return tuple(
        Option(
            one.id,
            one.name,
            one.email if one.is_active else f"{one.email}, {one.status}",
            refusal=OWN if one.id == own else None,
            is_fixed=one.id == own,
        )
        for one in by_name(present)
    )


def _option(thing: Role | Group, remark: str, problem: str | None, is_own: bool) -> Option:
    return Option(thing.id, thing.name, remark, refusal=OWN if is_own else problem, is_fixed=is_own)


def _giving_problem(access: Access, roles: Iterable[str], standing: Standing | None) -> str | None:
    lacking = frozenset[Permission]() if standing is None else access.permissions_in(roles) - standing.permissions
    return f"it has {permission_words(lacking)}, which you do not hold" if lacking else None


def _role_words(role: Role) -> str:
    return ", ".join(map(str, role.permissions)) or "no permission"


def _group_words(access: Access, group: Group) -> str:
    names = [access.roles[one].name for one in group.roles if one in access.roles]
    number = len(group.members)
    members = "1 member" if number == 1 else f"{count_text(number)} members"
    return f"{listed(sorted(names)) if names else 'no role'}; {members}"

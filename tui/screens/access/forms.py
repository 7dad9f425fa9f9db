"""What the forms of roles, groups and members are about: what they offer, what saving does and brings about."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from data.access.editing import with_group, with_member, with_role
from data.access.errors import AccessChanged, AccessNotFound
from data.access.model import Access, Group, Member, Role, Standing
from data.access.rules import gains, losses
from data.errors import AuditdeckError
from data.naming.texts import MOST_NAME_CHARACTERS, MOST_TEXT_CHARACTERS
from tui.presenters.access_form import (
    LABELS,
    read_group,
    read_member,
    read_role,
    texts_of_group,
    texts_of_member,
    texts_of_role,
)
from tui.presenters.access_losses import change_words
from tui.presenters.access_options import group_options, member_options, permission_options, role_options
from tui.presenters.check_rows import Option, ticked_names, ticked_words
from tui.presenters.form import Beside
from tui.screens.form.plan import Field, Judged

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Thing = TypeVar("Thing", Role, Group, Member)

_NEW = "r-new"
"""Stands for the id that a new one will have, where it is judged what it would bring about."""

_HINTS = {
    "name": "what everybody calls it; no two look alike",
    "description": "what it is for",
    "email": "where mail reaches them",
}


def text_field(name: str, most: int = MOST_TEXT_CHARACTERS) -> Field:
    """A field in which one writes."""
    return Field(name, LABELS[name], most + 200)


def check_field(name: str, options: tuple[Option, ...]) -> Field:
    """A field in which one ticks."""
    return Field(name, LABELS[name], options=options)


def option_hint(options: tuple[Option, ...] | None, text: str, otherwise: str) -> str:
    """What is said below a field: what is ticked, or what can be written."""
    return otherwise if options is None else ticked_words(options, frozenset(text.split()))


@dataclass(frozen=True)
class AccessPlan(ABC, Generic[Thing]):
    """What they have in common. Without a `seen` a new one is made; `standing` is who asks, None while it is not known."""

    access: Access
    seen: Thing | None = None
    standing: Standing | None = None

    @property
    @abstractmethod
    def fields(self) -> Sequence[Field]: ...

    @property
    @abstractmethod
    def kept(self) -> Mapping[str, str]: ...

    @property
    @abstractmethod
    def headline(self) -> tuple[str, str]: ...

    @abstractmethod
    def judge(self, texts: Mapping[str, str]) -> Judged[Thing]: ...

    @abstractmethod
    def _found(self, access: Access, key: str) -> Thing | None:
        """The thing of this id."""

    @abstractmethod
    def _with(self, thing: Thing) -> Access:
        """Who may do what with this one in its place."""

    @property
    def wanted(self) -> Mapping[str, str]:
        return self.kept

    @property
    def beside(self) -> Mapping[str, Beside]:
        return {}

    def newest(self, log: "AuditLog") -> Self:
        """The same form as of now. Raises AccessNotFound for a thing that is gone."""
        access, standing = log.access.read().access, log.standing()
        if self.seen is None:
            return replace(self, access=access, standing=standing)
        seen = self._found(access, self.seen.id)
        if seen is None:
            raise AccessNotFound(f"{self.seen.name} was deleted meanwhile: there is nothing left to be edited.")
        return replace(self, access=access, seen=seen, standing=standing)

    def after(self, error: AuditdeckError) -> Self | None:
        if not isinstance(error, AccessChanged) or error.now is None or self.seen is None:
            return None
        now: Thing = error.now  # type: ignore[assignment]  # it is of the kind that was asked for
        return replace(self, access=self._with(now), seen=now)

    def hint(self, field: str, text: str) -> str:
        return option_hint(self._options(field), text, _HINTS.get(field, ""))

    def shown(self, field: str, text: str) -> str:
        return ticked_names(self._options(field), text)

    def _options(self, field: str) -> tuple[Option, ...] | None:
        return next(one.options for one in self.fields if one.name == field)

    def _remark(self, thing: Thing) -> str:
        """Who loses and who gains what once it is saved."""
        after = self._with(thing)
        return change_words(after, losses(self.access, after), gains(self.access, after))


class RolePlan(AccessPlan[Role]):
    """A role: its name, what it is for, and its permissions."""

    @property
    def headline(self) -> tuple[str, str]:
        return ("New role", "permissions under a name") if self.seen is None else (f"Edit {self.seen.name}", "role")

    @property
    def fields(self) -> Sequence[Field]:
        return (
            text_field("name", MOST_NAME_CHARACTERS),
            text_field("description"),
            check_field("permissions", permission_options(self.standing)),
        )

    @property
    def kept(self) -> Mapping[str, str]:
        return texts_of_role(self.seen)

    def judge(self, texts: Mapping[str, str]) -> Judged[Role]:
        seen = self.seen
        details, problems = read_role(texts, self.access, seen)
        if details is None:
            return Judged(problems)
        if seen is None:
            return Judged({}, lambda log: log.roles.create(log.caller(), details))
        edited = replace(seen, permissions=details.permissions)
        return Judged({}, lambda log: log.roles.edit(log.caller(), seen, details), self._remark(edited))

    def _found(self, access: Access, key: str) -> Role | None:
        return access.roles.get(key)

    def _with(self, thing: Role) -> Access:
        return with_role(self.access, thing)


class GroupPlan(AccessPlan[Group]):
    """A group: its name, what it is for, its roles, and the members who have them by it."""

    @property
    def headline(self) -> tuple[str, str]:
        if self.seen is None:
            return "New group", "its members have its roles"
        return f"Edit {self.seen.name}", "group"

    @property
    def fields(self) -> Sequence[Field]:
        return (
            text_field("name", MOST_NAME_CHARACTERS),
            text_field("description"),
            check_field("roles", role_options(self.access, self.standing)),
            check_field("members", member_options(self.access, self.standing)),
        )

    @property
    def kept(self) -> Mapping[str, str]:
        return texts_of_group(self.seen)

    def judge(self, texts: Mapping[str, str]) -> Judged[Group]:
        seen = self.seen
        details, problems = read_group(texts, self.access, seen)
        if details is None:
            return Judged(problems)
        if seen is None:
            new = Group(_NEW, details.name, roles=details.roles, members=details.members)
            return Judged({}, lambda log: log.groups.create(log.caller(), details), self._remark(new))
        edited = replace(seen, roles=details.roles, members=details.members)
        return Judged({}, lambda log: log.groups.edit(log.caller(), seen, details), self._remark(edited))

    def _found(self, access: Access, key: str) -> Group | None:
        return access.groups.get(key)

    def _with(self, thing: Group) -> Access:
        return with_group(self.access, thing)


class MemberPlan(AccessPlan[Member]):
    """A member: what they are called, and the roles and groups that they have."""

    @property
    def headline(self) -> tuple[str, str]:
        assert self.seen is not None, "members are made by joining"
        return f"Edit {self.seen.name}", "member"

    @property
    def fields(self) -> Sequence[Field]:
        standing, seen = self.standing, self.seen
        is_own = standing is not None and seen is not None and standing.who.id == seen.id
        return (
            text_field("name", MOST_NAME_CHARACTERS),
            text_field("email"),
            check_field("roles", role_options(self.access, standing, is_own=is_own)),
            check_field("groups", group_options(self.access, standing, is_own=is_own)),
        )

    @property
    def kept(self) -> Mapping[str, str]:
        assert self.seen is not None
        return texts_of_member(self.seen)

    def judge(self, texts: Mapping[str, str]) -> Judged[Member]:
        seen = self.seen
        assert seen is not None
        details, problems = read_member(texts, self.access)
        if details is None:
            return Judged(problems)
        edited = replace(seen, roles=details.roles, groups=details.groups)
        return Judged({}, lambda log: log.members.edit(log.caller(), seen, details), self._remark(edited))

    def hint(self, field: str, text: str) -> str:
        return "what they are called" if field == "name" else super().hint(field, text)

    def _found(self, access: Access, key: str) -> Member | None:
        return access.members.get(key)

    def _with(self, thing: Member) -> Access:
        return with_member(self.access, thing)

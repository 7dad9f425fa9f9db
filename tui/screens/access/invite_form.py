"""What the form by which one invites is about, and the one that registers a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from data.access.joining import Invited
from data.access.model import Access, SshKey, Standing
from data.access.ssh_keys import key_problem
from data.errors import AuditdeckError
from tui.presenters.access_form import LABELS, MOST_INVITED_CHARACTERS, addresses_in, read_addresses
from tui.presenters.access_losses import permission_words
from tui.presenters.access_options import group_options, role_options
from tui.presenters.check_rows import Option, ticked_names
from tui.presenters.form import Beside
from tui.presenters.values import count_text
from tui.screens.access.forms import check_field, option_hint
from tui.screens.form.plan import Field, Judged

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_MOST_KEY_CHARACTERS = 4_000
"""An RSA key of 16,384 bits has 2,800 and a comment."""


@dataclass(frozen=True)
class InvitePlan:
    """Whom one invites, and to which roles and groups."""

    access: Access
    standing: Standing | None = None

    @property
    def headline(self) -> tuple[str, str]:
        return "Invite", "each joins once, within seven days"

    @property
    def fields(self) -> Sequence[Field]:
        return (
            Field("addresses", LABELS["addresses"], MOST_INVITED_CHARACTERS, is_tall=True),
            check_field("roles", role_options(self.access, self.standing)),
            check_field("groups", group_options(self.access, self.standing)),
        )

    @property
    def kept(self) -> Mapping[str, str]:
        return {"addresses": "", "roles": "", "groups": ""}

    @property
    def wanted(self) -> Mapping[str, str]:
        return self.kept

    @property
    def beside(self) -> Mapping[str, Beside]:
        return {}

    def newest(self, log: "AuditLog") -> Self:
        return replace(self, access=log.access.read().access, standing=log.standing())

    def judge(self, texts: Mapping[str, str]) -> Judged[tuple[Invited, ...]]:
        addresses, problem = read_addresses(texts["addresses"])
        if problem is not None:
            return Judged({"addresses": problem})
        roles, groups = texts["roles"].split(), texts["groups"].split()
        held = self.access.permissions_in(
            [*roles, *(role for one in groups if one in self.access.groups for role in self.access.groups[one].roles)]
        )
        whoever = "Whoever joins" if len(addresses) == 1 else f"Each of the {count_text(len(addresses))}"
        remark = f"{whoever} gets {permission_words(held)}." if held else f"{whoever} gets no permission yet."
        return Judged({}, lambda log: log.invitations.invite(log.caller(), addresses, roles, groups), remark)

    def hint(self, field: str, text: str) -> str:
        if field != "addresses":
            return option_hint(self._options(field), text, "")
        number = len(addresses_in(text))
        return f"{count_text(number)} addresses" if number > 1 else "one address, or several parted by commas or blanks"

    def shown(self, field: str, text: str) -> str:
        return ticked_names(self._options(field), text)

    def after(self, error: AuditdeckError) -> None:
        return None

    def _options(self, field: str) -> tuple[Option, ...] | None:
        return next(one.options for one in self.fields if one.name == field)


@dataclass(frozen=True)
class KeyPlan:
    """A public key that is registered for a member."""

    member_id: str
    name: str
    is_own: bool

    newest = None

    @property
    def headline(self) -> tuple[str, str]:
        return ("Register a key of yours" if self.is_own else f"Register a key of {self.name}"), "to come in over ssh"

    @property
    def fields(self) -> Sequence[Field]:
        return (Field("key", LABELS["key"], _MOST_KEY_CHARACTERS, is_tall=True),)

    @property
    def kept(self) -> Mapping[str, str]:
        return {"key": ""}

    @property
    def wanted(self) -> Mapping[str, str]:
        return self.kept

    @property
    def beside(self) -> Mapping[str, Beside]:
        return {}

    def judge(self, texts: Mapping[str, str]) -> Judged[SshKey]:
        line = texts["key"].strip()
        problem = key_problem(line) if line else "Paste the line of a public key, such as id_ed25519.pub."
        if problem is not None:
            return Judged({"key": problem})
        return Judged({}, lambda log: log.keys.register(log.caller(), self.member_id, line))

    def hint(self, field: str, text: str) -> str:
        return "the line of a public key, as ~/.ssh/id_ed25519.pub has it; never the private one"

    def shown(self, field: str, text: str) -> str:
        return text

    def after(self, error: AuditdeckError) -> None:
        return None

"""What members lose or gain by a change of who may do what, in sentences: who, and which permissions."""

from collections.abc import Collection, Iterator, Mapping

from data.access.model import Access
from data.permissions import Permission
from tui.presenters.form import listed
from tui.presenters.values import count_text

_MOST_NAMED = 12


def permission_words(permissions: Collection[Permission]) -> str:
    """`audit:read and audit:write`; `admin`, which has all of them, stands for the rest."""
    return str(Permission.ADMIN) if Permission.ADMIN in permissions else listed(sorted(map(str, permissions)))


def loss_sentences(access: Access, losses: Mapping[str, frozenset[Permission]]) -> Iterator[str]:
    """`3 members lose audit:read: Alice Moss, Bo Lind and Carla Reyes`, a sentence for each set of permissions."""
    yield from _sentences(access, losses, "loses", "lose")


def gain_sentences(access: Access, gains: Mapping[str, frozenset[Permission]]) -> Iterator[str]:
    """The same of what members may do since."""
    yield from _sentences(access, gains, "gains", "gain")


def change_words(
    access: Access, losses: Mapping[str, frozenset[Permission]], gains: Mapping[str, frozenset[Permission]]
) -> str:
    """What a change does, as it stands behind a hint; empty where nobody may do more or less."""
    return "; ".join([*loss_sentences(access, losses), *gain_sentences(access, gains)])


def member_names(access: Access, ids: Collection[str]) -> str:
    """Their names from A to Z, so many that they can be read."""
    names = sorted(access.members[one].name for one in ids if one in access.members)
    more = [f"{count_text(len(names) - _MOST_NAMED)} more"] if len(names) > _MOST_NAMED else []
    return listed([*names[:_MOST_NAMED], *more])


def _sentences(
    access: Access, differences: Mapping[str, frozenset[Permission]], one_does: str, many_do: str
) -> Iterator[str]:
    by_words: dict[str, list[str]] = {}
    for member, permissions in differences.items():
        by_words.setdefault(permission_words(permissions), []).append(member)
    for words, members in sorted(by_words.items(), key=lambda item: (-len(item[1]), item[0])):
        number = len(members)
        does = f"1 member {one_does}" if number == 1 else f"{count_text(number)} members {many_do}"
        yield f"{does} {words}: {member_names(access, members)}"

"""The names that are taken: what a new name must not be mistaken for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.naming.look_alikes import skeleton
from data.naming.texts import plain_name


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The names of the other things of one `kind` ("client"), by their skeletons."""

    kind: str
    names: Mapping[str, str]

    @classmethod
    def of(cls, kind: str, names: Iterable[str]) -> "Neighbours":
        return cls(kind, {skeleton(name): name for name in names})

    def without(self, name: str | None) -> "Neighbours":
        """These but for the one of this name: what a thing of that name has beside itself."""
        return Neighbours(self.kind, {key: other for key, other in self.names.items() if other != name})

    def problem(self, name: str) -> str | None:
        """Why one more thing cannot have this name beside them."""
        taken = self.names.get(skeleton(name))
        if taken is None:
            return None
        if plain_name(taken).casefold() == plain_name(name).casefold():
            return f"There is a {self.kind} named {taken} already."
        return f"This looks like {taken}, which is another {self.kind}."

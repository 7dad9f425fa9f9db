"""Looks of cells: what SGR sets, link and all, and the shortest way from one to the next."""

from dataclasses import dataclass
from functools import cached_property

from tui.frames.traits import TerminalTraits

# What undoes each attribute. Bold and dim go together, and so do others: whatever else is wanted is set again.
_UNDONE_BY = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29", "21": "24",
    "51": "54", "52": "54", "53": "55",
}  # fmt: skip
_DRAWS_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
_DIRECT, _INDEXED = "2", "5"


@dataclass(frozen=True)
class Look:
    """How a cell looks; `link` is what OSC 8 takes, parameters and address."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""

    @cached_property
    def is_plain(self) -> bool:
        """Whether it is what SGR 0 brings about."""
        return not self.attributes and not self.foreground and not self.background

    @cached_property
    def on_blank(self) -> "Look":
        """The least that makes a blank cell look the same: unless it is drawn on, its background alone."""
        if self.attributes & _DRAWS_ON_BLANKS or self.link:
            return self
        return Look(background=self.background)

    @cached_property
    def is_erasable(self) -> bool:
        """Whether an erased cell looks like a blank one."""
        return not self.attributes & _DRAWS_ON_BLANKS and not self.link

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """What sets it, from plain on."""
        attributes = sorted(self.attributes, key=int)
        return (*attributes, *(color for color in (self.foreground, self.background) if color))


PLAIN = Look()


def read_look(parameters: str, link: str = "") -> Look:
    """The look that these SGR parameters (`1;38;2;255;0;0`) set, from plain on. Raises ValueError for others than ours."""
    attributes: set[str] = set()
    foreground = background = ""
    words = parameters.split(";") if parameters else []
    while words:
        word = words.pop(0)
        number = int(word)
        if number in (38, 48):
            count = {_DIRECT: 4, _INDEXED: 2}[words[0]]
            color = ";".join((word, *words[:count]))
            del words[:count]
        else:
            color = word
        if number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
            foreground = color
        elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
            background = color
        elif number == 39:
            foreground = ""
        elif number == 49:
            background = ""
        elif word in _UNDONE_BY:
            attributes.add(word)
        else:
            raise ValueError(f"no attribute that is known: {word}")
    return Look(frozenset(attributes), foreground, background, link)


def change(old: Look | None, new: Look, traits: TerminalTraits) -> str:
    """What turns the one look (None: not known) into the other; empty if nothing does."""
    linked = "" if (old.link if old is not None else "") == new.link else f"\x1b]8;{new.link or ';'}\x1b\\"
    if old is not None and (old.attributes, old.foreground, old.background) == (
        new.attributes,
        new.foreground,
        new.background,
    ):
        return linked
    if new.is_plain:
        return linked + "\x1b[m"
    # An empty parameter is 0.
    anew = ";".join(new.parameters if old is not None and old.is_plain else ("", *new.parameters))
    if old is not None and (traits.undoes_attributes or _adds_only(old, new)):
        anew = min(anew, _stepwise(old, new), key=len)
    return f"{linked}\x1b[{anew}m"


def _adds_only(old: Look, new: Look) -> bool:
    return (
        old.attributes <= new.attributes
        and bool(new.foreground or not old.foreground)
        and bool(new.background or not old.background)
    )


def _stepwise(old: Look, new: Look) -> str:
    gone = {_UNDONE_BY[one] for one in old.attributes - new.attributes}
    # Of those that one parameter undoes, the last that is set can hide the others: an underline is single or double.
    changed = {_UNDONE_BY[one] for one in old.attributes ^ new.attributes}
    words = [*sorted(gone, key=int), *sorted((one for one in new.attributes if _UNDONE_BY[one] in changed), key=int)]
    if old.foreground != new.foreground:
        words.append(new.foreground or "39")
    if old.background != new.background:
        words.append(new.background or "49")
    return ";".join(words)

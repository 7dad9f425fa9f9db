"""The command palette's rows: actions found by some letters of their words, the best match first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.fuzzy import FuzzySearch

from tui.keymap import Action, shown_keys
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, cut

_WORDS_AT = 2
# What an action is found by without being seen: less than any letters that are.
_UNSEEN = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """An action that was found, and the places of the letters in its words that were typed."""

    action: Action
    places: frozenset[int] = frozenset()


def found_actions(actions: Iterable[Action], typed: str) -> list[Found]:
    """The actions that these letters are in, in this order, best first; all of them as they come for no letters."""
    wanted = " ".join(typed.split())
    if not wanted:
        return [Found(action) for action in actions]
    search = FuzzySearch()
    scored: list[tuple[float, Found]] = []
    for action in actions:
        score, places = search.match(wanted, action.help)
        if not score and any(wanted.lower() in unseen.lower() for unseen in (action.short, action.id)):
            score, places = _UNSEEN, ()
        if score:
            scored.append((score, Found(action, frozenset(places))))
    # Of two equal matches the one nearer to the beginning: `qu` is "Quit" before it is "edit the query".
    return [found for _, found in sorted(scored, key=lambda entry: (-entry[0], min(entry[1].places, default=0)))]


def command_row(found: Found, width: int) -> Row:
    """An action's words with the letters that were typed marked in them, and its keys at the right."""
    keys = " ".join(shown_keys(found.action.id)) or "no key"
    words = cut(found.action.help, width - 2 - cells_of(keys) - _WORDS_AT)
    line = Line(width).at(_WORDS_AT)
    for text, marked in _runs(words, found.places):
        line.add(text, Role.TITLE if marked else Role.TEXT, bold=marked, underline=marked)
    return line.right(keys, Role.ACCENT, end=width - 1).row()


def _runs(text: str, places: frozenset[int]) -> Sequence[tuple[str, bool]]:
    """The text in stretches that are marked or not."""
    runs: list[tuple[str, bool]] = []
    for place, character in enumerate(text):
        marked = place in places
        if runs and runs[-1][1] is marked:
            runs[-1] = (runs[-1][0] + character, marked)
        else:
            runs.append((character, marked))
    return runs

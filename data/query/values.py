"""One value as written after a key, and what the model holds for it."""

from collections.abc import Iterable
from difflib import get_close_matches
from uuid import UUID

from data.catalogue import Tab
from data.query.addresses import read_address, read_network
from data.query.durations import read_duration
from data.query.lexing import Fragment
from data.query.model import TIME_KEYS, Key, Network, Pattern, Presence, Shelf, Value
from data.query.spans import read_span
from data.query.unfit import Unfit, shortened
from data.records import Outcome

_HEX_DIGITS = frozenset("0123456789abcdef-")
_ID_DIGITS = 32


def read_value(key: Key, fragment: Fragment) -> Value:
    """The value that stands in `fragment` after `key`, which is not TEXT. Raises Unfit."""
    match key:
        case Key.TAB:
            return _read_choice(key, fragment, Tab)
        case Key.OUTCOME:
            return _read_choice(key, fragment, Outcome)
        case Key.HAS:
            return _read_presence(fragment)
        case Key.IN:
            return _read_shelf(fragment)
        case Key.IP:
            return _read_address(fragment)
        case Key.DURATION:
            return read_duration(fragment.text)
        case Key.ID:
            return _read_id(fragment)
        case _ if key in TIME_KEYS:
            return read_span(key, fragment.text)
        case _:
            return fragment.pattern()


def suggestion(word: str, known: Iterable[str]) -> str:
    """`Did you mean actor? `, with the space, if a known word is near; otherwise nothing."""
    near = get_close_matches(word.casefold(), known, n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _read_choice(key: Key, fragment: Fragment, choices: Iterable[str]) -> Pattern:
    known = [str(choice) for choice in choices]
    pattern = fragment.pattern().folded()
    if any(pattern.matches(choice) for choice in known):
        return pattern
    problem = f"Unknown {key} {shortened(fragment.text)}"
    raise Unfit(problem, f"{suggestion(fragment.text, known)}One of {', '.join(known)}.")


def _read_presence(fragment: Fragment) -> Presence:
    word = fragment.text.casefold()
    try:
        return Presence(word)
    except ValueError as error:
        hint = f"{suggestion(word, Presence)}One of {', '.join(Presence)}."
        raise Unfit(f"has cannot ask for {shortened(fragment.text)}", hint) from error


def _read_shelf(fragment: Fragment) -> Shelf:
    try:
        return Shelf(fragment.text.casefold())
    except ValueError as error:
        hint = "in:archive answers archived events, too; without it, live ones alone are answered."
        raise Unfit(f"in cannot ask for {shortened(fragment.text)}", hint) from error


def _read_address(fragment: Fragment) -> Pattern | Network:
    text = fragment.text
    if "/" in text:
        try:
            return read_network(text)
        except ValueError as error:
            hint = "Written like 198.51.100.0/24 or 2001:db8::/32."
            raise Unfit(f"{shortened(text)} is not a network", hint) from error
    pattern = fragment.pattern()
    address = read_address(text) if pattern.is_literal else None
    return pattern if address is None else Pattern.literal(str(address))


def _read_id(fragment: Fragment) -> Pattern:
    pattern = Pattern(tuple(part.lower() for part in fragment.pattern().parts))
    if not all(_HEX_DIGITS.issuperset(part) for part in pattern.parts):
        raise Unfit(f"{shortened(fragment.text)} is not an event's id", "An id has hexadecimal digits and hyphens.")
    if not pattern.is_literal:
        return without_bare_hyphens(pattern)
    digits = pattern.parts[0].replace("-", "")
    if len(digits) != _ID_DIGITS:
        hint = f"An id has {_ID_DIGITS} hexadecimal digits; for a part of one write {shortened(fragment.text)}*."
        raise Unfit(f"{shortened(fragment.text)} is not a whole id", hint)
    return Pattern.literal(str(UUID(digits)))


def without_bare_hyphens(pattern: Pattern) -> Pattern:
    """The same pattern of an id without runs of hyphens alone between two stars: compared without hyphens, they are nothing."""
    first, *middle, last = pattern.parts
    return Pattern((first, *(part for part in middle if part.strip("-")), last))

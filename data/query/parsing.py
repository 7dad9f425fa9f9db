"""A query's text to an `EventQuery`, or an error that names the place and says what would be right there."""

from data.errors import QueryError
from data.query.lexing import MOST_CHARACTERS, Fragment, read_words
from data.query.model import TIME_KEYS, Clause, EventQuery, Key, Pattern, Value
from data.query.printing import print_query, print_text
from data.query.reference import KEYS_BY_WORD, reference_of
from data.query.unfit import Unfit, shortened
from data.query.values import read_value, suggestion

# SQLite refuses a chain of more than 1,000 alternatives, and a value can take two.
_MOST_VALUES = 100


def parse_query(text: str) -> EventQuery:
    """The query that the text is. Whatever it prints as can be parsed again. Raises QueryError."""
    query = EventQuery(tuple(_read_clause(text, word) for word in read_words(text)))
    written = len(print_query(query))
    if written > MOST_CHARACTERS:
        # The 30 days that are added, or quotes, can make the text longer than what was typed.
        problem = f"Written out, this query has {written:,} characters, and {MOST_CHARACTERS:,} are the most"
        raise QueryError(problem, text, 0, len(text), "Leave out what is not needed.")
    return query


def _read_clause(text: str, word: Fragment) -> Clause:
    excluded = word.without_minus()
    negated, asked = excluded is not None, excluded or word
    name, *rest = asked.split(":", 1)
    if not rest:
        return _read_free_text(text, word, asked, negated)
    key = _read_key(text, asked, name)
    if negated and not reference_of(key).excludable:
        problem = f"{key} cannot be excluded"
        raise QueryError(problem, text, word.start, name.end, _INSTEAD_OF_EXCLUDING[key])
    fragments = rest[0].split(",")
    if len(fragments) > _MOST_VALUES:
        problem = f"{key} has {len(fragments):,} values, and {_MOST_VALUES} are the most"
        raise QueryError(problem, text, name.start, word.end, "Use * for what they have in common.")
    if len(fragments) > 1 and not reference_of(key).several:
        hint = "For several times write during: with commas." if key in TIME_KEYS else ""
        raise QueryError(f"{key} takes one value", text, fragments[1].start - 1, word.end, hint)
    return Clause(key, tuple(_read_value(text, key, fragment, word) for fragment in fragments), negated)


_INSTEAD_OF_EXCLUDING = {
    Key.AFTER: "Write before: instead.",
    Key.BEFORE: "Write after: instead.",
    Key.LAST: "Write before: instead, or -during: for a stretch of time.",
    Key.IN: "Without in:archive, no archived event is answered.",
}


def _read_free_text(text: str, word: Fragment, asked: Fragment, negated: bool) -> Clause:
    if not asked.characters:
        if asked.start == asked.end:
            hint = 'Write a clause after it, as -outcome:success; to search for a minus, write "-".'
            raise QueryError("Nothing stands after the minus", text, word.start, word.end, hint)
        raise QueryError("There is nothing in these quotes", text, asked.start, asked.end, "Write a word between them.")
    return Clause(Key.TEXT, (Pattern.literal(asked.text),), negated)


def _read_key(text: str, asked: Fragment, name: Fragment) -> Key:
    key = KEYS_BY_WORD.get(name.text.lower())
    if key is not None:
        return key
    quoted = print_text(asked.text)
    example = f": {quoted}" if quoted == shortened(quoted) else ""
    hint = (
        f"{suggestion(name.text, KEYS_BY_WORD)}Keys are {', '.join(KEYS_BY_WORD)}. "
        f"To search for this as text, put it in quotes{example}."
    )
    if not name.characters:
        raise QueryError("No key stands before the colon", text, asked.start, name.end + 1, hint)
    raise QueryError(f"Unknown key {shortened(name.text)}", text, name.start, name.end, hint)


def _read_value(text: str, key: Key, fragment: Fragment, word: Fragment) -> Value:
    if not fragment.characters:
        start, end = fragment.start, fragment.end
        if start == end:
            # The comma after the gap shows it; at the end, the colon or comma before it.
            start, end = (end, end + 1) if end < word.end else (start - 1, start)
        raise QueryError(f"A value of {key} is missing", text, start, end, reference_of(key).hint)
    try:
        return read_value(key, fragment)
    except Unfit as unfit:
        hint = unfit.hint or reference_of(key).hint
        raise QueryError(unfit.problem, text, fragment.start, fragment.end, hint) from unfit

"""Why a value cannot stand after its key."""


class Unfit(ValueError):
    """A value does not fit its key. Who reads the query knows the place and makes a `QueryError` of it.

    `hint` says what would be right; empty means that the reference's forms of the key say it well enough.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


_LONGEST_QUOTE = 40


def shortened(text: str) -> str:
    """The text as an error names it: cut to what fits in a sentence."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 3]}..."

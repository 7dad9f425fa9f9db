"""Looking for a value of one dimension: what is typed, and what has been found for it so far."""

from dataclasses import dataclass, replace

from data.answers import Dimension, Facet


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The dimension that is looked through, and the text that is looked for.

    `found` is what the log has for this text and the present query; while that is on its way (`is_pending`), it is what
    it had for the text or query before, or None. If that was called off or failed, it `is_given_up` and not pending.
    """

    dimension: Dimension
    text: str = ""
    found: Facet | None = None
    is_pending: bool = True
    is_given_up: bool = False

    def typed(self, text: str) -> "Narrowing":
        """The same for another text."""
        return replace(self, text=text, is_pending=True, is_given_up=False)

    def asked_anew(self) -> "Narrowing":
        """The same for another query."""
        return replace(self, is_pending=True, is_given_up=False)

    def answered(self, found: Facet) -> "Narrowing":
        """The same with what was found for its text."""
        return replace(self, found=found, is_pending=False, is_given_up=False)

    def given_up(self) -> "Narrowing":
        """The same without hope of an answer, if one was on its way."""
        return replace(self, is_pending=False, is_given_up=True) if self.is_pending else self

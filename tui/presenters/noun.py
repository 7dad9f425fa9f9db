"""What the things are called that a log holds: events, requests."""

from dataclasses import dataclass

from tui.presenters.values import count_text


@dataclass(frozen=True, slots=True)
class Noun:
    """One of them, and several."""

    one: str
    many: str

    def of(self, number: int) -> str:
        """The word that goes with this number."""
        return self.one if number == 1 else self.many

    def counted(self, number: int) -> str:
        """`1,204 events`."""
        return f"{count_text(number)} {self.of(number)}"


EVENTS = Noun("event", "events")
REQUESTS = Noun("request", "requests")

"""Times, numbers and names as the sentences of an answer have them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How moments are written for somebody who reads at `now` (aware) in `zone`; last days end in the organisation's."""

    now: datetime
    zone: ZoneInfo
    organisation: ZoneInfo

    def moment(self, at: datetime) -> str:
        """`14:31` today, else `19 Nov 14:31`, of another year `19 Nov 2025 14:31`."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        clock = f"{local:%H:%M}"
        return clock if local.date() == today else f"{self.day(local.date())} {clock}"

    def at(self, at: datetime) -> str:
        """`at 14:31` today, else `on 19 Nov at 14:31`."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        return f"at {local:%H:%M}" if local.date() == today else f"on {self.day(local.date())} at {local:%H:%M}"

    def day(self, day: date) -> str:
        """`19 Nov`, of another year `19 Nov 2025`."""
        short = f"{day.day} {_MONTHS[day.month - 1]}"
        return short if day.year == self.now.astimezone(self.zone).year else f"{short} {day.year}"

    def written_day(self, text: object) -> str:
        """A date as events hold it, read out; anything else as it is."""
        try:
            return self.day(date.fromisoformat(str(text)))
        except ValueError:
            return str(text)


def brief(text: str, most: int = 60) -> str:
    """Stored text on one line of at most so many characters: an answer has to be read at a glance."""
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[: most - 4]} ..."


def counted(number: int, thing: str, *, at_least: bool = False) -> str:
    """`1 call`, `1,204 calls`, `more than 5,000 calls`."""
    return f"{'more than ' if at_least else ''}{number:,} {thing}{'' if number == 1 else 's'}"


def joined(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))

"""A verification that runs or ended here, and the last one that the log tells of, as facts of the System screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from data.health import LastVerification
from data.proof.findings import Finding
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import count_text, minute_text

_EVENTS = Noun("event", "events")


@dataclass(frozen=True, slots=True)
class Verification:
    """What runs, how much of it was looked at and how much there is; or what it came to: `verdict`, in a sentence."""

    what: str = ""
    done: int = 0
    total: int = 0
    verdict: str | None = None
    holds: bool = False
    findings: tuple[Finding, ...] = ()

    def finding(self, name: str) -> Finding | None:
        """The one in the row of this name."""
        number = name.partition(" ")[0]
        if not number.isdigit() or not 1 <= int(number) <= len(self.findings):
            return None
        return self.findings[int(number) - 1]


class VerificationFact(NamedTuple):
    """A row: its name, its value, what there is to say of it, and how it is drawn."""

    name: str
    value: str
    words: str = ""
    role: Role = Role.TEXT


def verification_facts(
    here: Verification | None, last: LastVerification | None, zone: ZoneInfo, keys: tuple[str, str]
) -> Iterator[VerificationFact]:
    """`keys` are the one that begins a verification and the one that calls it off."""
    begin, stop = keys
    if here is not None and here.verdict is None:
        share = f" {100 * here.done // here.total} %" if here.total else ""
        yield VerificationFact("verifying", f"{here.what or 'begins'}{share}", f"{stop} calls it off.", Role.TITLE)
    elif last is None and here is None:
        yield VerificationFact("last verified", "never", f"{begin} verifies it.")
    if last is not None:
        verdict = "It held." if last.holds else f"IT DID NOT HOLD. {last.because or ''}".rstrip()
        words = f"By {last.who}, who looked at {_EVENTS.counted(last.looked)}. {verdict}"
        role = Role.TEXT if last.holds else Role.FAILURE
        yield VerificationFact("last verified", minute_text(last.at, zone), words, role)
    if here is not None and here.verdict is not None:
        role = Role.AFTER if here.holds else Role.FAILURE
        yield VerificationFact("verified here", "holds" if here.holds else "DOES NOT HOLD", here.verdict, role)
        for number, one in enumerate(here.findings, 1):
            where = "" if one.place is None else f"Place {count_text(one.place)}: "
            opens = "" if one.id is None else " enter opens the event."
            yield VerificationFact(f"{number} {one.wrong.value}", "!", f"{where}{one.sentence}{opens}", Role.FAILURE)

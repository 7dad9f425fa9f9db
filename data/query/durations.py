"""Durations in a query: `>500ms`, `100ms..2s`, `250`, and back to text."""

import re

from data.query.model import DurationRange
from data.query.unfit import Unfit, shortened
from data.records import LARGEST_EXACT

# Far beyond any call: 285,000 years.
MOST_MILLISECONDS = LARGEST_EXACT

_MILLISECONDS = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_AMOUNT = r"[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h)?"
_COMPARED = re.compile(rf"(>=|<=|>|<|)({_AMOUNT})")
_RANGE = re.compile(rf"({_AMOUNT})\.\.({_AMOUNT})")
_AMOUNT_PARTS = re.compile(r"([0-9]+)(?:\.([0-9]+))?(ms|s|m|h)?")


def read_duration(text: str) -> DurationRange:
    """The range of whole milliseconds that the text asks for. Raises Unfit, also for a range that nothing is in."""
    written = text.lower()
    if between := _RANGE.fullmatch(written):
        least, most = _read_amount(between[1]), _read_amount(between[2])
        if least > most:
            raise Unfit(f"{shortened(text)} ends before it begins", f"The shorter one first: {_swapped(between)}.")
        return DurationRange(least, most)
    compared = _COMPARED.fullmatch(written)
    if compared is None:
        raise Unfit(f"{shortened(text)} is not a duration")
    amount = _read_amount(compared[2])
    match compared[1]:
        case ">":
            return _bounded(DurationRange(amount + 1, None))
        case ">=":
            return DurationRange(amount, None)
        case "<" if amount == 0:
            raise Unfit("No duration is shorter than nothing", "For no time at all write duration:0ms.")
        case "<":
            return DurationRange(None, amount - 1)
        case "<=":
            return DurationRange(None, amount)
        case _:
            return DurationRange(amount, amount)


def print_duration(duration: DurationRange) -> str:
    """The text that reads as this range: largest whole units, and of `>500ms` and `>=501ms` the rounder one."""
    least, most = duration.least_ms, duration.most_ms
    if least is not None and most is not None:
        return _amount(least) if least == most else f"{_amount(least)}..{_amount(most)}"
    if most is not None:
        return _rounder(f"<={_amount(most)}", f"<{_amount(most + 1)}")
    if least is None or least == 0:
        return ">=0ms"
    return _rounder(f">={_amount(least)}", f">{_amount(least - 1)}")


def _read_amount(text: str) -> int:
    parts = _AMOUNT_PARTS.fullmatch(text)
    if parts is None:
        raise Unfit(f"{shortened(text)} is not a duration")
    whole, decimals, unit = parts[1], parts[2] or "", parts[3] or "ms"
    parts_of_one: int = 10 ** len(decimals)
    amount, rest = divmod(int(whole + decimals) * _MILLISECONDS[unit], parts_of_one)
    if rest:
        raise Unfit(f"{shortened(text)} is not a whole number of milliseconds", "The shortest duration is 1ms.")
    _bounded(DurationRange(amount, None))
    return amount


def _bounded(duration: DurationRange) -> DurationRange:
    if duration.least_ms is not None and duration.least_ms > MOST_MILLISECONDS:
        raise Unfit("No duration is that long", f"At most {MOST_MILLISECONDS}ms.")
    return duration


def _swapped(between: re.Match[str]) -> str:
    return shortened(f"{between[2]}..{between[1]}")


def _amount(milliseconds: int) -> str:
    unit = next((unit for unit, size in _MILLISECONDS.items() if milliseconds and milliseconds % size == 0), "ms")
    return f"{milliseconds // _MILLISECONDS[unit]}{unit}"


def _rounder(including: str, excluding: str) -> str:
    return min(including, excluding, key=_figures)


def _figures(text: str) -> int:
    return max(1, len(text.strip("<>=hms").rstrip("0")))

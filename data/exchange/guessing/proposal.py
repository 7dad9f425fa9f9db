"""A proposed mapping: what it takes for each field and why, and the mapping file that says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from data.exchange.guessing.finding import Finding
from data.exchange.timestamps import UnixUnit
from data.hostile import made_visible

_FIRST = ("occurred_at", "type", "actor.id", "actor.name", "actor.type", "target.type", "target.id", "target.name")
_THEN = ("outcome", "ip", "identity")
_LABELS = {
    "occurred_at": "time",
    "type": "action",
    "actor.id": "actor",
    "actor.name": "actor's name",
    "actor.type": "actor's kind",
    "target.id": "target",
    "target.name": "target's name",
    "target.type": "target's kind",
    "ip": "address",
    "identity": "id",
    "user_agent": "user agent",
    "request_id": "request",
    "session_id": "session",
}
_WITHOUT = {
    "actor.id": "nothing says who did it: all are anonymous",
    "target.id": "nothing says what it was done to",
    "outcome": "nothing says how it ended: all count as success",
    "ip": "nothing is an IP address",
    "identity": "nothing is different in each record: a record's content is its identity",
}
_UNITS = {
    UnixUnit.SECONDS: "s",
    UnixUnit.MILLISECONDS: "ms",
    UnixUnit.MICROSECONDS: "us",
    UnixUnit.NANOSECONDS: "ns",
}
_GROUPS = ("actor", "target")
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a proposal: the field, where it is had from, and why."""

    label: str
    places: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found in the first records of a log.

    `source` is the name of the source in it, `records` how many were looked at, `lists` where a document has its list of
    records (the keys down to it; empty for lines or a plain list), and `inner` the key of the record proper.
    """

    source: str
    records: int
    findings: tuple[Finding, ...]
    lists: tuple[str, ...] = ()
    inner: str | None = None
    numbers: UnixUnit | None = None
    needs_zone: bool = False

    def finding(self, field: str) -> Finding | None:
        """What was found for a field of the event."""
        return next((finding for finding in self.findings if finding.field == field), None)

    def shown(self) -> Iterator[Shown]:
        """The mapping, a field a line, and what it lacks."""
        for finding in self._ordered():
            yield Shown(_LABELS.get(finding.field, finding.field), _places(finding), finding.reason)
        for field, words in _WITHOUT.items():
            told = self.finding(field) or (
                self.finding(field.replace(".id", ".name")) if field.endswith(".id") else None
            )
            if told is None:
                yield Shown(_LABELS.get(field, field), "", words)
        if self.needs_zone:
            yield Shown("zone", "UTC", "some times name no offset, and are taken as UTC; correct it if they are not")
        if self.lists:
            yield Shown("records", ".".join(self.lists), "the list that has the records")
        if self.inner is not None:
            yield Shown("record", self.inner, "the object that has all of it in each record")

    def text(self) -> str:
        """The mapping file, with the reasons as comments."""
        return "\n".join(self._lines()) + "\n"

    def _ordered(self) -> list[Finding]:
        order = [*_FIRST, *_THEN]
        return sorted(
            self.findings, key=lambda finding: order.index(finding.field) if finding.field in order else len(order)
        )

    def _lines(self) -> Iterator[str]:
        yield f"# Guessed from {self.records:,} {'record' if self.records == 1 else 'records'}. Correct what is wrong, and import with --format and this file."
        yield '# The expressions are JMESPath; what else may stand here is in the README, under "Any other source".'
        yield ""
        yield "[format]"
        yield f"name = {quoted(self.source)}"
        yield f"source = {quoted(self.source)}  # part of each event's identity: keep it"
        if self.lists:
            yield f"records = {quoted('.'.join(self.lists))}  # where the list is"
        if self.inner is not None:
            yield f"record = {quoted(self.inner)}  # the object in each record that has all of it"
        if self.numbers is not None or self.needs_zone:
            yield ""
            yield "[time]"
            if self.numbers is not None:
                yield f"numbers = {quoted(_UNITS[self.numbers])}  # what a time that is a number counts"
            if self.needs_zone:
                yield 'without_offset = "utc"  # some times name no offset; without this line they are rejected'
        yield ""
        yield "[event]"
        for finding in self._ordered():
            if "." not in finding.field:
                yield from _entry(finding, finding.field)
        for group in _GROUPS:
            within = [finding for finding in self._ordered() if finding.field.startswith(f"{group}.")]
            if within:
                yield ""
                yield f"[event.{group}]"
                for finding in within:
                    yield from _entry(finding, finding.field.partition(".")[2])
        yield ""
        yield "[prefix]"
        yield f"type = {quoted(f'{self.source}.')}"
        for finding in self._ordered():
            if finding.values:
                yield ""
                yield '# What the source says = what the event says; "x*" stands for all that begin so.'
                yield f"[values.{finding.field}]"
                for word, meant in finding.values.items():
                    yield f"{quoted(word)} = {quoted(meant)}"


def quoted(text: str) -> str:
    """A basic string of TOML."""
    written = ""
    for character in text:
        code = ord(character)
        if character in '"\\':
            written += f"\\{character}"
        elif 0xD800 <= code < 0xE000:
            written += "\\uFFFD"
        elif character.isprintable():
            written += character
        else:
            written += f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
    return f'"{written}"'


def _entry(finding: Finding, key: str) -> Iterator[str]:
    yield f"# {_cut(made_visible(finding.reason))}"
    if len(finding.choices) == 1:
        yield f"{key} = {quoted(finding.choices[0])}"
        return
    yield f"{key} = ["
    for choice in finding.choices:
        yield f"  {quoted(choice)},"
    yield "]"


def _places(finding: Finding) -> str:
    plain = [column.expression for column in finding.columns]
    return _cut(" or ".join(dict.fromkeys(plain or finding.choices)))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."

"""How the whole stands, in rows: database, rules, what is kept, keeper, settings, and who looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.health import DatabaseCondition, LogCondition, SystemState
from data.keeping import MISSED_AFTER, Upkeep
from data.permissions import Permission
from data.policy import DEFAULT_POLICY, POLICY_SENTENCES, policy_rows
from data.proof_state import ProofState
from data.retention import RetentionState
from data.setting_in_force import DEFAULT, SettingInForce
from tui.glyphs import glyphs
from tui.presenters.ages import ago_text
from tui.presenters.noun import Noun
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.proof import proof_trouble
from tui.presenters.retention import at_most, edge_text, hold_words, last_words, removed_words, short_id, shortened
from tui.presenters.values import count_text, day_text, minute_text
from tui.terminal import cells_of, safe, wrap

NONE = "(none)"
HOLDS = "holds"
"""The section of the rows that are holds."""
EDIT_NEEDS = f"Changing a rule needs {Permission.SETTINGS_WRITE}, to {Permission.SETTINGS_WRITE.words}."
HOLD_NEEDS = f"Placing and lifting holds needs {Permission.SETTINGS_WRITE}, to {Permission.SETTINGS_WRITE.words}."

_LABEL_AT = 2
_NARROW, _WIDE = 80, 110
_VALUE_AT, _NARROW_VALUE_AT = 26, 24
_WORDS_AT, _ROOMY_WORDS_AT = 48, 76
_GAP = 2
_ROOMY = 160
_MOST_CHARACTERS = 4_000
_FEW_CONNECTIONS = 0.9
_LITTLE_SPACE = 500_000_000
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_DONE = {
    "expired": Noun("expiry logged", "expiries logged"),
    "lost": Noun("lost session noted", "lost sessions noted"),
    "over": Noun("end of an invitation logged", "ends of invitations logged"),
    "sent": Noun("invitation sent", "invitations sent"),
    "unsent": Noun("invitation not sent", "invitations not sent"),
    "sealed": Noun("event sealed", "events sealed"),
    "indexed": Noun("event indexed", "events indexed"),
    "segments": Noun("part of the index made anew", "parts of the index made anew"),
    "retired": Noun("old event removed", "old events removed"),
}


@dataclass(frozen=True, slots=True)
class SystemRow:
    """The key of a row: its section, and its name there."""

    section: str
    name: str

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule, which can be changed."""
        return self.section == "policy"


@dataclass(frozen=True, slots=True)
class Visit:
    """This process: the program's version, when it was started, and in what terminal."""

    version: str
    since: datetime
    terminal: str


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    value: str
    words: str = ""
    role: Role = Role.TEXT


_Group = tuple[tuple[Row, ...], SystemRow | None]


def system_rows(
    state: SystemState,
    settings: Sequence[SettingInForce],
    visit: Visit,
    width: int,
    zone: ZoneInfo,
    edit_key: str,
    hold_keys: tuple[str, str] = ("", ""),
) -> Iterator[_Group]:
    """Rows `width` cells wide, each group of them with its key, or None for a heading. Times are shown in `zone`.

    `hold_keys` place and lift a hold.
    """
    may_edit = state.standing.may(Permission.SETTINGS_WRITE)
    yield from _section("database", "Database", _database(state.database, zone), width)
    if state.proof is not None:
        yield from _section("proof", "Proof", _proof(state.proof, zone), width)
    hint = f"{edit_key} changes one" if may_edit else f"changing one needs {Permission.SETTINGS_WRITE}"
    yield from _section("policy", "Policy", _policy(state), width, hint)
    yield from _section("retention", "Retention", _retention(state, zone), width)
    if state.retention is not None:
        hint = (
            f"{hold_keys[0]} adds one, {hold_keys[1]} lifts one"
            if may_edit
            else f"they need {Permission.SETTINGS_WRITE}"
        )
        yield from _section(HOLDS, "Holds", _holds(state.retention, zone), width, hint)
    yield from _section("keeper", "Keeper", _keeper(state), width)
    yield from _section("settings", "Settings in force", _settings(settings), width)
    yield from _section("session", "This session", _session(state, visit, zone), width)


def troubles(state: SystemState, zone: ZoneInfo) -> list[str]:
    """What needs looking after, in sentences, the worst first; nothing where all is well."""
    found = []
    database = state.database
    missing = keeper_missing(state)
    unproven = None if state.proof is None else proof_trouble(state.proof, zone)
    if unproven is not None:
        found.append(unproven)
    if missing is not None:
        found.append(missing)
    if state.last_run is not None and state.last_run.error is not None:
        found.append(f"The keeper's last run failed: {state.last_run.error}")
    if database.is_replica:
        found.append("This is a replica: it can be read, and takes no change.")
    if database.free_bytes is not None and database.free_bytes < _LITTLE_SPACE:
        found.append(f"Only {bytes_text(database.free_bytes)} are free on the disk of the database.")
    if database.connections is not None and database.connections >= _FEW_CONNECTIONS * (database.most_connections or 0):
        found.append(f"{database.connections} of {database.most_connections} connections are taken.")
    return found


def system_head_row(state: SystemState, width: int, zone: ZoneInfo) -> Row:
    """Whether all is well, and as of when that was so."""
    found = troubles(state, zone)
    as_of = f"as of {state.asked_at.astimezone(zone):%H:%M:%S}"
    line = Line(width).at(1)
    room = width - len(as_of) - 3
    if found:
        more = f"  +{len(found) - 1} more" if len(found) > 1 else ""
        line.add("! ", Role.DENIED, bold=True).add(found[0], Role.DENIED, until=room - len(more)).add(more, Role.DENIED)
    else:
        line.add("All is well", Role.TITLE, bold=True)
    return line.right(as_of, Role.MUTED, end=width - 1).row()


def keeper_missing(state: SystemState) -> str | None:
    """That no keeper is at work on a shared database, in words; a console does the work on one of its owner's."""
    if state.database.is_embedded:
        return None
    if state.last_run is None:
        return "No keeper has ever run here; `auditdeck keeper` is one."
    silent = state.asked_at - state.last_run.ran_at
    if silent < MISSED_AFTER:
        return None
    return f"No keeper has run for {_span_text(silent)}; `auditdeck keeper` is one."


def bytes_text(number: int) -> str:
    """`12.3 MB`: thousands, with three digits at most before the unit."""
    amount, unit = float(number), 0
    while amount >= 1_000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1_000, unit + 1
    return f"{number} bytes" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"


def _database(database: DatabaseCondition, zone: ZoneInfo) -> Iterator[_Fact]:
    yield _Fact("engine", f"{database.engine} {database.version}")
    yield _Fact("address", database.address)
    yield _Fact("schema", database.schema, "The one that this program knows.")
    free = "" if database.free_bytes is None else f"{bytes_text(database.free_bytes)} are free on its disk."
    yield _Fact("size", bytes_text(database.size_bytes), free)
    yield _log("events", database.events, zone)
    yield _log("requests", database.requests, zone)
    if database.is_embedded:
        yield _Fact("connections", "embedded", "A file of one owner's; nobody else connects to it.")
    else:
        yield _Fact("connections", f"{database.connections} of {database.most_connections}", "Whoever has them.")
    if database.is_replica:
        yield _Fact("replica", "yes", "It can be read, and takes no change.", Role.DENIED)


def _proof(proof: ProofState, zone: ZoneInfo) -> Iterator[_Fact]:
    trouble = proof_trouble(proof, zone)
    if proof.mismatch is not None:
        yield _Fact("does not hold", "!", proof.mismatch, Role.DENIED)
    yield _Fact("sealed", count_text(proof.size), "Events with a place in one Merkle tree: none can be changed unseen.")
    if proof.sealed_at is not None and proof.root is not None:
        yield _Fact("last sealed", minute_text(proof.sealed_at, zone))
        yield _Fact("root", proof.root.hex())
    waits = "They wait for the keeper, for a second or so." if trouble is None else trouble
    yield _Fact(
        "unsealed",
        count_text(proof.unsealed),
        waits if proof.unsealed else "",
        Role.TEXT if trouble is None else Role.DENIED,
    )


def _log(name: str, log: LogCondition, zone: ZoneInfo) -> _Fact:
    oldest = "" if log.oldest is None else f"The oldest is of {minute_text(log.oldest, zone)}."
    return _Fact(name, count_text(log.count), oldest)


def _policy(state: SystemState) -> Iterator[_Fact]:
    defaults = policy_rows(DEFAULT_POLICY)
    for key, value in policy_rows(state.policy).items():
        is_default = value == defaults[key]
        by_default = "" if is_default else f" By default {defaults[key] or 'none'}."
        yield _Fact(key, value or NONE, POLICY_SENTENCES[key] + by_default, Role.TEXT if is_default else Role.TITLE)


def _retention(state: SystemState, zone: ZoneInfo) -> Iterator[_Fact]:
    policy = state.policy
    today = state.asked_at.astimezone(zone).date()
    live = _day_before(today, policy.live_days)
    kept = _day_before(today, policy.live_days + policy.archive_days)
    yield _Fact("live", f"since {live}", f"{_days(policy.live_days)}, of either log.")
    yield _Fact("archived", f"since {kept}", f"{_days(policy.archive_days)} more, shown with in:archive alone.")
    retention = state.retention
    if retention is None:
        return
    edge = edge_text(retention.rules.kept_since, policy.zone)
    yield _Fact("removed", f"before {edge}", removed_words(retention))
    last = retention.last
    if last is None:
        yield _Fact("last removal", "never")
    else:
        yield _Fact("last removal", ago_text(last.ran_at, state.asked_at), last_words(last))
    words = f"{at_most(retention.next_due)} of the day that is too old then."
    yield _Fact("next removal", day_text(retention.next_at.astimezone(policy.zone).date()), words)


def _holds(retention: RetentionState, zone: ZoneInfo) -> Iterator[_Fact]:
    if not retention.held:
        yield _Fact("none", "Nothing is held", "What is old enough is removed, and any event can be erased.")
    elif not retention.rules.holds:
        yield _Fact("held", count_text(retention.held), f"Seeing them needs {Permission.AUDIT_READ}.")
    for hold in retention.rules.holds:
        yield _Fact(short_id(hold.id), shortened(hold.text), hold_words(hold, zone))


def _keeper(state: SystemState) -> Iterator[_Fact]:
    missing, run, work = keeper_missing(state), state.last_run, state.last_work
    if run is None:
        here = "This console looks once a minute." if state.database.is_embedded else missing or ""
        yield _Fact("last run", "never", here, Role.TEXT if missing is None else Role.DENIED)
        return
    yield _Fact(
        "last run",
        ago_text(run.ran_at, state.asked_at),
        missing or f"{_did(run)}, in {count_text(run.took_ms)} ms.",
        Role.TEXT if missing is None else Role.DENIED,
    )
    if run.error is not None:
        yield _Fact("it failed", "yes", run.error, Role.FAILURE)
    if work is not None:
        yield _Fact("last work", ago_text(work.ran_at, state.asked_at), f"{_did(work)}.")
    if missing is None:
        where = "this console" if state.database.is_embedded else "the service `auditdeck keeper`"
        yield _Fact("by", where, "It looks once a minute.")


def _settings(settings: Sequence[SettingInForce]) -> Iterator[_Fact]:
    for one in settings:
        role = Role.TEXT if one.origin == DEFAULT else Role.TITLE
        yield _Fact(one.name, one.value, f"{one.origin}: {one.description}", role)


def _session(state: SystemState, visit: Visit, zone: ZoneInfo) -> Iterator[_Fact]:
    held = state.standing.permissions
    words = ", ".join(one.words for one in Permission if one in held) or "nothing but to come in"
    yield _Fact("member", state.standing.who.label, f"May {'do everything' if Permission.ADMIN in held else words}.")
    if state.session_id is not None:
        yield _Fact("session", state.session_id)
    yield _Fact("since", minute_text(visit.since, zone))
    yield _Fact("terminal", visit.terminal)
    yield _Fact("program", f"auditdeck {visit.version}")


def _section(section: str, title: str, facts: Iterator[_Fact], width: int, hint: str = "") -> Iterator[_Group]:
    line = Line(width).at(1).add(title, Role.TITLE, bold=True)
    if hint:
        line.add("  ").add(hint, Role.MUTED, until=width - 1)
    if line.room > 3:
        line.add("  ").add(glyphs().rule * max(width - line.used - 1, 0), Role.RULE)
    yield ((), line.row()), None
    for fact in facts:
        yield tuple(_fact_rows(fact, width)), SystemRow(section, fact.name)


def _fact_rows(fact: _Fact, width: int) -> Iterator[Row]:
    """Label and value; what there is to say of it beside them where both have room, else below."""
    value_at = _VALUE_AT if width >= _NARROW else _NARROW_VALUE_AT
    value, words = safe(fact.value, limit=_MOST_CHARACTERS), safe(fact.words, limit=_MOST_CHARACTERS)
    words_at = _words_at(width, value_at, cells_of(value), cells_of(words))
    is_beside = value_at + cells_of(value) + _GAP <= words_at
    values = wrap(value, max(width - 1 - value_at, 1)) or [""]
    parts = wrap(words, max(width - 1 - words_at, 1)) if words else []
    for number, part in enumerate(values):
        line = Line(width).at(_LABEL_AT)
        if number == 0:
            line.add(fact.name, Role.MUTED, until=value_at - 1)
        line.at(value_at).add(part, fact.role, bold=fact.role is Role.TITLE)
        if is_beside and parts:
            line.at(words_at).add(parts.pop(0), Role.MUTED)
        yield line.row()
    for part in parts:
        yield Line(width).at(words_at).add(part, Role.MUTED).row()


def _words_at(width: int, value_at: int, value_cells: int, words_cells: int) -> int:
    """Where the words begin: in a column of their own, or without room for one behind the value, or below it."""
    if width >= _WIDE:
        return _ROOMY_WORDS_AT if width >= _ROOMY else _WORDS_AT
    behind = value_at + value_cells + _GAP
    return behind if behind + words_cells < width else value_at


def _did(run: Upkeep) -> str:
    done = [
        _DONE[kind].counted(number) if kind in _DONE else f"{kind} {number}"
        for kind, number in run.did.items()
        if number
    ]
    return ", ".join(done) if done else "Nothing was due"


def _day_before(today: date, days: int) -> str:
    try:
        return day_text(today - timedelta(days=days))
    except OverflowError:  # before the calendar begins
        return "ever"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{count_text(number)} days"


def _span_text(span: timedelta) -> str:
    """`3 days`, `5 h`, `12 min`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 24 * 60 else _days(minutes // (24 * 60))

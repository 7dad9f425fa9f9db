"""How the whole stands, in rows: database, rules, what is kept, keeper, settings, and who looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from data.health import DatabaseCondition, LogCondition, SystemState
from data.keeping import MISSED_AFTER, Upkeep
from data.permissions import Permission
from data.policy import DEFAULT_POLICY, POLICY_SENTENCES, policy_rows
from data.proof_state import ProofState
from data.setting_in_force import DEFAULT, SettingInForce
from tui.presenters.ages import ago_text
from tui.presenters.noun import Noun
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.proof import proof_trouble, waiting_text
from tui.presenters.system_facts import Fact, Group, section_rows
from tui.presenters.system_retention import days_words, hold_facts, retention_facts
from tui.presenters.values import count_text, minute_text
from tui.presenters.verification import Verification, verification_facts

NONE = "(none)"
HOLDS = "holds"
"""The section of the rows that are holds."""
EDIT_NEEDS = f"Changing a rule needs {Permission.SETTINGS_WRITE}, to {Permission.SETTINGS_WRITE.words}."
HOLD_NEEDS = f"Placing and lifting holds needs {Permission.SETTINGS_WRITE}, to {Permission.SETTINGS_WRITE.words}."

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
class Visit:
    """This process: the program's version, when it was started, and in what terminal."""

    version: str
    since: datetime
    terminal: str


@dataclass(frozen=True, slots=True)
class Verifying:
    """A verification that runs or ended here, and the keys that begin one and call it off."""

    here: Verification | None = None
    begin_key: str = "p"
    stop_key: str = "ctrl+c"


def system_rows(
    state: SystemState,
    settings: Sequence[SettingInForce],
    visit: Visit,
    width: int,
    zone: ZoneInfo,
    edit_key: str,
    hold_keys: tuple[str, str] = ("", ""),
    verifying: Verifying | None = None,
) -> Iterator[Group]:
    """Rows `width` cells wide, each group of them with its key, or None for a heading. Times are shown in `zone`.

    `hold_keys` place and lift a hold.
    """
    may_edit = state.standing.may(Permission.SETTINGS_WRITE)
    yield from section_rows("database", "Database", _database(state.database, zone), width)
    if state.proof is not None:
        facts = chain(_proof(state.proof, zone), _verification(state, verifying or Verifying(), zone))
        yield from section_rows("proof", "Proof", facts, width)
    hint = f"{edit_key} changes one" if may_edit else f"changing one needs {Permission.SETTINGS_WRITE}"
    yield from section_rows("policy", "Policy", _policy(state), width, hint)
    yield from section_rows("retention", "Retention", retention_facts(state), width)
    if state.retention is not None:
        hint = (
            f"{hold_keys[0]} adds one, {hold_keys[1]} lifts one"
            if may_edit
            else f"they need {Permission.SETTINGS_WRITE}"
        )
        yield from section_rows(HOLDS, "Holds", hold_facts(state.retention, zone), width, hint)
    yield from section_rows("keeper", "Keeper", _keeper(state), width)
    yield from section_rows("settings", "Settings in force", _settings(settings), width)
    yield from section_rows("session", "This session", _session(state, visit, zone), width)


def troubles(state: SystemState, zone: ZoneInfo) -> list[str]:
    """What needs looking after, in sentences, the worst first; nothing where all is well."""
    found = []
    database = state.database
    missing = keeper_missing(state)
    unproven = None if state.proof is None else proof_trouble(state.proof, zone)
    if unproven is not None:
        found.append(unproven)
    if state.verification is not None and not state.verification.holds:
        found.append(f"The last verification did not hold: {state.verification.because or 'see the log'}")
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


def _database(database: DatabaseCondition, zone: ZoneInfo) -> Iterator[Fact]:
    yield Fact("engine", f"{database.engine} {database.version}")
    yield Fact("address", database.address)
    yield Fact("schema", database.schema, "The one that this program knows.")
    free = "" if database.free_bytes is None else f"{bytes_text(database.free_bytes)} are free on its disk."
    yield Fact("size", bytes_text(database.size_bytes), free)
    yield _log("events", database.events, zone)
    yield _log("requests", database.requests, zone)
    if database.is_embedded:
        yield Fact("connections", "embedded", "A file of one owner's; nobody else connects to it.")
    else:
        yield Fact("connections", f"{database.connections} of {database.most_connections}", "Whoever has them.")
    if database.is_replica:
        yield Fact("replica", "yes", "It can be read, and takes no change.", Role.DENIED)


def _proof(proof: ProofState, zone: ZoneInfo) -> Iterator[Fact]:
    trouble = proof_trouble(proof, zone)
    if proof.mismatch is not None:
        yield Fact("does not hold", "!", proof.mismatch, Role.DENIED)
    yield Fact("sealed", count_text(proof.size), "Events with a place in one Merkle tree: none can be changed unseen.")
    if proof.sealed_at is not None and proof.root is not None:
        yield Fact("last sealed", minute_text(proof.sealed_at, zone))
        yield Fact("root", proof.root.hex())
    waits = "They wait for the keeper, for a second or so." if trouble is None else trouble
    yield Fact(
        "unsealed",
        waiting_text(proof.unsealed),
        waits if proof.unsealed else "",
        Role.TEXT if trouble is None else Role.DENIED,
    )


def _verification(state: SystemState, verifying: Verifying, zone: ZoneInfo) -> Iterator[Fact]:
    facts = verification_facts(verifying.here, state.verification, zone, (verifying.begin_key, verifying.stop_key))
    return (Fact(*fact) for fact in facts)


def _log(name: str, log: LogCondition, zone: ZoneInfo) -> Fact:
    oldest = "" if log.oldest is None else f"The oldest is of {minute_text(log.oldest, zone)}."
    return Fact(name, count_text(log.count), oldest)


def _policy(state: SystemState) -> Iterator[Fact]:
    defaults = policy_rows(DEFAULT_POLICY)
    for key, value in policy_rows(state.policy).items():
        is_default = value == defaults[key]
        by_default = "" if is_default else f" By default {defaults[key] or 'none'}."
        yield Fact(key, value or NONE, POLICY_SENTENCES[key] + by_default, Role.TEXT if is_default else Role.TITLE)


def _keeper(state: SystemState) -> Iterator[Fact]:
    missing, run, work = keeper_missing(state), state.last_run, state.last_work
    if run is None:
        here = "This console looks once a minute." if state.database.is_embedded else missing or ""
        yield Fact("last run", "never", here, Role.TEXT if missing is None else Role.DENIED)
        return
    yield Fact(
        "last run",
        ago_text(run.ran_at, state.asked_at),
        missing or f"{_did(run)}, in {count_text(run.took_ms)} ms.",
        Role.TEXT if missing is None else Role.DENIED,
    )
    if run.error is not None:
        yield Fact("it failed", "yes", run.error, Role.FAILURE)
    if work is not None:
        yield Fact("last work", ago_text(work.ran_at, state.asked_at), f"{_did(work)}.")
    if missing is None:
        where = "this console" if state.database.is_embedded else "the service `auditdeck keeper`"
        yield Fact("by", where, "It looks once a minute.")


def _settings(settings: Sequence[SettingInForce]) -> Iterator[Fact]:
    for one in settings:
        role = Role.TEXT if one.origin == DEFAULT else Role.TITLE
        yield Fact(one.name, one.value, f"{one.origin}: {one.description}", role)


def _session(state: SystemState, visit: Visit, zone: ZoneInfo) -> Iterator[Fact]:
    held = state.standing.permissions
    words = ", ".join(one.words for one in Permission if one in held) or "nothing but to come in"
    yield Fact("member", state.standing.who.label, f"May {'do everything' if Permission.ADMIN in held else words}.")
    if state.session_id is not None:
        yield Fact("session", state.session_id)
    yield Fact("since", minute_text(visit.since, zone))
    yield Fact("terminal", visit.terminal)
    yield Fact("program", f"auditdeck {visit.version}")


def _did(run: Upkeep) -> str:
    done = [
        _DONE[kind].counted(number) if kind in _DONE else f"{kind} {number}"
        for kind, number in run.did.items()
        if number
    ]
    return ", ".join(done) if done else "Nothing was due"


def _span_text(span: timedelta) -> str:
    """`3 days`, `5 h`, `12 min`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 24 * 60 else days_words(minutes // (24 * 60))

"""`auditdeck keeper`: the service that does on a shared database what is due from time to time."""

import logging
import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from data.clock import from_microseconds, to_text
from data.errors import DatabaseUnavailable, DiskFull
from data.keeping import EVERY_S, INDEX_EVERY_S, RETIRE_WITHIN_S, KeeperRun
from data.policy import Policy
from data.proof.errors import ProofBroken, SealingRefused
from data.records import Json
from data.retention import Removal, RetentionPlan
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import flush_output, say, say_json
from tui.presenters.retention import plan_lines

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_LOG = logging.getLogger("auditdeck.keeper")


class _ToldToEnd(KeyboardInterrupt):
    """The system or a person says that it is enough. As an interruption, so that drivers break their statement off."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due and end, for a timer")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="with --once, say what would be removed because of its age, and do nothing",
    )
    parser.add_argument("--new-key", action="store_true", help="make a new key that seals from now on, and end")
    parser.add_argument(
        "--rebuild", action="store_true", help="make the stored tree of the proof again from its leaves, and end"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="seal on from what there is, as after an old copy was put back on purpose, and end",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object for each run that did anything: expired, lost, over, sent, unsent, indexed, segments, sealed, "
        "retired",
    )


def _run(arguments: Namespace, settings: Settings) -> int:
    from data.services.steady_sealing import sealing_steadily

    if arguments.dry_run and not arguments.once:
        raise Misuse("--dry-run goes with --once.")
    with opened_log(settings, create=settings.may_create_database, as_process=True) as log:
        if arguments.new_key:
            key = log.keeper.replace_key()
            if arguments.json:
                say_json({"key": key})
            else:
                say(f"Sealed from now on with {key}")
            return SUCCEEDED
        if arguments.dry_run:
            _say_what_would_go(log.retention.plan(), log.policy.read(), arguments.json)
            return SUCCEEDED
        if arguments.rebuild:
            nodes = log.keeper.rebuild_tree()
            if arguments.json:
                say_json({"nodes": nodes})
            else:
                say(f"The tree was made again: {nodes:,} nodes above its leaves.")
            return SUCCEEDED
        if arguments.forget:
            log.keeper.forget_signed()
            say_json({"forgotten": True}) if arguments.json else say("It seals on from what there is.")
            return SUCCEEDED
        if arguments.once:
            _say_what_was_done(log.keeper.run(retire_within_s=None), arguments.json)
            return SUCCEEDED
        with _until_told_to_end(), sealing_steadily(log.keeper):
            _LOG.info("the keeper has begun; it looks every %d seconds", EVERY_S)
            said = ""
            while True:
                try:
                    done = log.keeper.run(retire_within_s=RETIRE_WITHIN_S)
                    said = ""
                    if done.did_anything:
                        _say_what_was_done(done, arguments.json)
                        flush_output()
                except (DatabaseUnavailable, DiskFull, SealingRefused, ProofBroken) as error:
                    if str(error) != said:
                        said = str(error)
                        _LOG.warning("the keeper tries again in %d seconds: %s", EVERY_S, error)
                _index_until_the_next(log)
        _LOG.info("the keeper has ended, as it was told to")
    return SUCCEEDED


def _index_until_the_next(log: "AuditLog") -> None:
    """Look after the index every second, until it is time for the next run."""
    for _ in range(EVERY_S // INDEX_EVERY_S):
        time.sleep(INDEX_EVERY_S)
        with suppress(DatabaseUnavailable, DiskFull):  # the next run will say so
            log.keeper.index()


@contextmanager
def _until_told_to_end() -> Iterator[None]:
    """Leave the block as soon as SIGTERM or SIGINT says so; what was begun and not committed is undone on the way."""

    def end(_number: int, _frame: object) -> None:
        for one in before:
            signal.signal(one, signal.SIG_IGN)  # a second one must not break off the cleaning up
        raise _ToldToEnd

    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        for one in before:
            signal.signal(one, end)
        yield
    except _ToldToEnd:
        pass
    finally:
        for one, usual in before.items():
            signal.signal(one, usual)


def _say_what_was_done(done: KeeperRun, as_json: bool) -> None:
    if as_json:
        say_json(asdict(done))
        return
    if not done.did_anything and not done.sealed:
        say("Nothing was due.")
    if done.expired:
        say(
            f"Logged the expiry of {done.expired:,} {'client or token' if done.expired == 1 else 'clients and tokens'}."
        )
    if done.lost:
        say(f"Logged the loss of {done.lost:,} {'session' if done.lost == 1 else 'sessions'}.")
    if done.over:
        say(f"Logged the end of {done.over:,} {'invitation' if done.over == 1 else 'invitations'}.")
    if done.sent:
        say(f"Sent {done.sent:,} {'invitation' if done.sent == 1 else 'invitations'}.")
    if done.sealed:
        say(f"Sealed {done.sealed:,} {'event' if done.sealed == 1 else 'events'}.")
    if done.indexed:
        say(f"Indexed {done.indexed:,} {'event' if done.indexed == 1 else 'events'}.")
    if done.segments:
        say(f"Made {done.segments:,} {'part' if done.segments == 1 else 'parts'} of the index anew.")
    if done.retired:
        say(f"Removed {done.retired:,} old {'event' if done.retired == 1 else 'events'}.")
    if done.unsent:
        say(f"Could not send {done.unsent:,} {'invitation' if done.unsent == 1 else 'invitations'}.")


def _say_what_would_go(plan: RetentionPlan, policy: Policy, as_json: bool) -> None:
    if as_json:
        logs: dict[str, Json] = {log: _removal_as_json(one) for log, one in plan.logs.items()}
        say_json({"kept_since": to_text(from_microseconds(plan.rules.kept_since)), **logs})
        return
    for line in plan_lines(plan, policy.zone):
        say(line)


def _removal_as_json(one: Removal) -> Json:
    held: dict[str, Json] = {str(hold): count for hold, count in one.held.items()}
    return {"removed": one.removed, "held": held, "own": one.own, "unproven": one.unproven}


COMMAND = Command(
    "keeper",
    "do what is due from time to time on a shared database, until it is told to end",
    _run,
    _add_arguments,
    (
        "auditdeck keeper --database postgresql+psycopg://keeper@db.example.org/audit",
        "auditdeck keeper --once --json",
        "auditdeck keeper --once --dry-run",
    ),
)

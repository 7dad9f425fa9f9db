"""The index as a part of a verification: what it does not find nobody is shown, whatever the proof says of it."""

import logging

from data.errors import DatabaseError
from data.index.damage import note_damage
from data.index.inspection import InspectionTask, inspect, unlisted
from data.index.old_segments import OldSegment, old_segments
from data.index.self_description import wrong_aliases
from data.proof.findings import Finding, Wrong
from data.proof.pool import WORTH_A_POOL, pool
from data.proof.verifier import Progress
from data.records import Log
from data.stop import Stop
from data.store import Database
from data.store.any_text import any_text

INDEX = "index"
_LOG = logging.getLogger("auditdeck.proof")


def index_findings(
    database: Database, address: str, stop: Stop, progress: Progress, worth_a_pool: int | None = None
) -> list[Finding]:
    """What is wrong with the index of both logs. What is found to differ is noted, and the keeper makes it anew.

    `address` is the database's, for the processes that help with so many events or more. Raises Cancelled, and the errors of `data.errors`.
    """
    least = WORTH_A_POOL if worth_a_pool is None else worth_a_pool
    found: list[Finding] = []
    differing: dict[int, Finding] = {}
    with database.upkeep_reading(stop) as connection, any_text(connection):
        tasks: list[InspectionTask] = [(log, segment) for log in Log for segment in old_segments(connection, log)]
        total, done = sum(segment.count for _log, segment in tasks), 0

        def note(looked: tuple[OldSegment, str | None]) -> None:
            nonlocal done
            segment, difference = looked
            done += segment.count
            progress(INDEX, min(done, total), total)
            if difference is not None:
                differing[segment.id] = Finding(Wrong.INDEX, difference)

        if total < least:
            for task in tasks:
                stop.check()
                note(inspect(connection, task))
    if total >= least:
        with pool(address, stop) as processes:
            processes.each(inspect, tasks, note)
    with database.upkeep_reading(stop) as connection, any_text(connection):
        # What was merged or folded meanwhile looked damaged to a process that came too late: what it became is looked at.
        before = {(segment.id, segment.begin) for _log, segment in tasks}
        there = {log: old_segments(connection, log) for log in Log}
        remain = {segment.id for log in Log for segment in there[log] if (segment.id, segment.begin) in before}
        differing = {one: told for one, told in differing.items() if one in remain}
        astray = wrong_aliases(connection)
        if astray:
            found.append(Finding(Wrong.INDEX, f"The index counts {astray:,} names with those of others."))
        for log in Log:
            for segment in there[log]:
                if segment.id not in remain:
                    stop.check()
                    note(inspect(connection, (log, segment)))
            missing, astray = unlisted(connection, log)
            if missing:
                found.append(Finding(Wrong.INDEX, f"The index lists {missing:,} of the {log.value} not at all."))
            if astray:
                found.append(
                    Finding(Wrong.INDEX, f"The index lists {astray:,} of the {log.value} twice, or for nothing.")
                )
    found += differing.values()
    for number in differing:
        try:
            note_damage(database.upkeep_writing, number)
        except DatabaseError as error:  # what was found is told all the same
            _LOG.error("that the index differs could not be noted: %s", error)
    return found

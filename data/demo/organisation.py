"""The demo organisation: 120 days of it, played from the first to the last."""

from datetime import datetime
from random import Random

from data.demo import access_stories, client_stories, log_stories, portal_stories
from data.demo.calendar import Calendar
from data.demo.routine import Routine
from data.demo.stage import Stage
from data.records import Draft


def demo_events(end: datetime, seed: int = 7, count: int = 5000) -> list[Draft]:
    """`count` believable events of the 120 days before `end`, oldest first, their times strictly increasing.

    The same for the same seed and instant. The stories alone take about half of the default `count`; if it is less than
    they take, only the newest are given, and then not every type of event is among them. Raises ValueError if `end` has no time zone or
    `count` is negative.
    """
    if count < 0:
        raise ValueError(f"not a number of events: {count}")
    calendar = Calendar(end)
    # A rehearsal shows how many events the stories take; everyday work, which they do not depend on, fills the rest.
    told = _play(calendar, seed, routine=0)
    missing = count - len(told)
    return _play(calendar, seed, routine=missing) if missing > 0 else told[len(told) - count :]


def _play(calendar: Calendar, seed: int, routine: int) -> list[Draft]:
    rng = Random(seed)
    stage = Stage(calendar, rng)
    everyday = Routine(stage, Random(rng.getrandbits(64)))
    for stories in (client_stories, access_stories, portal_stories, log_stories):
        stories.tell(stage)
    everyday.plan(routine)
    stage.agenda.play()
    return stage.journal.drafts

"""The demo organisation: 120 days of it, played from the first to the last."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from random import Random

from data.demo import access_stories, client_stories, log_stories, portal_stories
from data.demo.calendar import Calendar
from data.demo.routine import Routine
from data.demo.stage import Stage
from data.demo.traffic import Traffic

EVERYDAY_ACTS = 2_305
"""How much of everyday work there is beside the stories, which take about as many events."""


def make_demo(
    address: str,
    end: datetime,
    seed: int = 7,
    everyday: int = EVERYDAY_ACTS,
    *,
    with_requests: bool = True,
    on_day: Callable[[int, int], None] = lambda _day, _days: None,
) -> None:
    """Fill a database that is to be thrown away with a believable organisation's 120 days before `end`.

    What is done to API clients is done by the services, under the clock of the demo; so is what time brings about. The
    rest is appended. The same seed and instant give the same clients, tokens and events. Of the last 35 days the request
    log has all calls of the services, unless it is made without. `address` is as `AuditLog` has it. `on_day` is called
    after each day with its number and how many there are. Raises ValueError if `end` has no time zone or `everyday` is
    negative.
    """
    if everyday < 0:
        raise ValueError(f"not a number of acts: {everyday}")
    rng = Random(seed)
    stage = Stage(address, Calendar(end), rng, with_requests=with_requests, on_day=on_day)
    routine = Routine(stage, Random(rng.getrandbits(64)))
    traffic = Traffic(stage, Random(seed))
    with closing(stage.log):
        stage.open()
        for stories in (client_stories, access_stories, portal_stories, log_stories):
            stories.tell(stage)
        routine.plan(everyday)
        if with_requests:
            traffic.tell()
        stage.play()
        stage.log.keeper.index()

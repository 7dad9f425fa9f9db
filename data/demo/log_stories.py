"""Stories of the log itself: how it is kept and checked, what is taken from it, and which rules it follows."""

from functools import partial

from data.demo.calendar import on
from data.demo.cast import View
from data.demo.journal import KEEPER
from data.demo.stage import Stage

_MONDAY = 0
_RETIRED_A_MONTH = 14_300


def tell(stage: Stage) -> None:
    """Puts all stories of the log on the agenda."""
    _keeping(stage)
    _reviewing(stage)
    _restored_backup(stage)
    _looking_into_the_night(stage)
    _forgetting(stage)
    _rules(stage)
    _views(stage)


def _keeping(stage: Stage) -> None:
    """The keeper checks the log each Monday and retires what is too old on the first of a month."""
    for day in stage.calendar.days:
        if day.weekday() == _MONDAY and on(day, "03:00:03") > stage.calendar.start:
            stage.agenda.at(on(day, "03:00:03"), partial(stage.custody.verify, KEEPER))
        if day.day == 1 and on(day, "04:00:01") > stage.calendar.start:
            stage.agenda.at(on(day, "04:00:01"), partial(_retire, stage))


def _retire(stage: Stage) -> None:
    count = _RETIRED_A_MONTH + stage.rng.randrange(-900, 900)
    stage.custody.retire(stage.cast.policy.live_days, count)


def _reviewing(stage: Stage) -> None:
    """Grace takes the refusals away every other week; once the disk is full."""

    def take(back: int) -> None:
        full = "no space left on the device; 1,310 of 1,902 events were written" if back == 44 else None
        stage.custody.export(stage.seat("grace"), "outcome:denied last:14d", "jsonl", 900 + 23 * back, full)

    for back in range(84, 0, -10):
        stage.on(back, "15:30:12", partial(take, back))
    stage.on(44, "15:52:40", lambda: stage.custody.export(stage.seat("grace"), "outcome:denied last:14d", "csv", 1_902))
    stage.on(42, "10:20:35", lambda: stage.custody.verify(stage.seat("jana")))
    stage.before_end(44.6, lambda: stage.custody.verify(stage.seat("grace")))


def _restored_backup(stage: Stage) -> None:
    """An old backup is put in place by mistake: the checkpoint no longer fits, until the right one is back."""
    custody = stage.custody
    unfit = "the log has 611 events fewer than the checkpoint of the day before"
    stage.on(63, "06:10:04", lambda: custody.mismatch(unfit))
    stage.on(
        63, "08:58:31", lambda: custody.verify(stage.seat("carla"), "the root does not lead to the last checkpoint")
    )
    stage.on(63, "11:36:50", lambda: custody.verify(stage.seat("carla")))
    # The copy that was put back had lain where others could read it, and so had its key.
    stage.on(63, "11:52:09", custody.replace_key)


def _looking_into_the_night(stage: Stage) -> None:
    """After the night of refused sign-ins: a hold, an export, and a week later the hold is lifted."""
    custody = stage.custody
    inquiry = "refused sign-ins of the night are looked into"
    stage.on(13, "09:14:08", lambda: custody.export(stage.seat("grace"), "type:session.refused today", "jsonl", 43))
    stage.on(13, "09:17:45", lambda: custody.hold("placed", stage.seat("grace"), inquiry))
    stage.on(13, "09:41:27", lambda: custody.hold("placed", stage.seat("alice"), inquiry))
    stage.on(6, "16:04:12", lambda: custody.hold("lifted", stage.seat("alice"), "inquiry closed: no key was accepted"))


def _forgetting(stage: Stage) -> None:
    """One event is erased on request; a first try is refused."""
    reason = "a private address was written into a description"
    stage.on(35, "10:31:02", lambda: stage.custody.erase(stage.seat("jana"), reason))
    stage.on(35, "13:55:49", lambda: stage.custody.erase(stage.seat("alice"), reason))


def _rules(stage: Stage) -> None:
    """Two changes of policy, and one that is not for a client manager to make."""
    custody, longest = stage.custody, "max_expiry_months"
    stage.on(73, "14:11:33", lambda: custody.change_rule(stage.seat("carla"), longest, "18"))
    stage.on(71, "09:52:16", lambda: custody.change_rule(stage.seat("hugo"), longest, "24"))
    stage.on(41, "11:27:05", lambda: custody.change_rule(stage.seat("alice"), "archive_days", "730"))
    stage.on(17, "14:45:38", lambda: custody.change_rule(stage.seat("alice"), longest, "12"))


def _views(stage: Stage) -> None:
    """Grace keeps her questions, shares one of them, and drops the one that the other replaces."""
    cast, custody = stage.cast, stage.custody
    refusals = View(cast.next_id("v"), "Refusals of two weeks", "outcome:denied last:14d")
    nights = View(cast.next_id("v"), "Nights", "type:session.refused last:30d")
    stage.on(68, "15:02:19", lambda: custody.view("saved", stage.seat("grace"), refusals))
    stage.on(61, "15:40:07", lambda: custody.view("shared", stage.seat("grace"), refusals, group="Audit"))
    stage.on(13, "09:25:51", lambda: custody.view("saved", stage.seat("grace"), nights))
    stage.on(5, "10:15:44", lambda: custody.view("deleted", stage.seat("grace"), nights))

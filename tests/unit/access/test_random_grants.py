"""A property of the rules: whatever is asked for in whichever order, nobody comes by what nobody gave who held it."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from data.access.model import Access
from data.access.rules import problem_of
from data.permissions import Permission
from tests.strategies.grants import STEPS, Asked, Step, check_step, outcome
from tests.unit.access.organisation import ORGANISATION, standing


def run(steps: list[Step]) -> Counter[str]:
    """What came of each step: how often something was `done`, `refused` by the rules, or `changed nothing`."""
    access = ORGANISATION
    found: Counter[str] = Counter()
    for number, step in enumerate(steps):
        word, access = _after(step, access, number)
        found[word] += 1
    return found


def _after(step: Step, access: Access, number: int) -> tuple[str, Access]:
    actor = step.actor(access)
    by = standing(actor.id, access)
    after = outcome(step, access, number)
    if after is None or after == access or Permission.ACCESS_WRITE not in by.permissions:
        return "changed nothing", access
    if problem_of(access, after, by) is not None:
        return "refused", access
    check_step(access, after, actor)
    return "done", after


@settings(deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_nobody_comes_by_what_nobody_gave_who_held_it(steps: list[Step]) -> None:
    run(steps)


def test_the_steps_come_to_something() -> None:
    every = [
        Step(by, asked, thing, frozenset({permission}), frozenset({thing}), frozenset({by, thing}), False)
        for thing in range(6)
        for asked in Asked
        if asked not in (Asked.REMOVE, Asked.SUSPEND)
        for by in range(4)
        for permission in (Permission.AUDIT_READ, Permission.ACCESS_WRITE)
    ]
    found = run(every)
    assert min(found["done"], found["refused"]) > 50


def test_what_the_rules_forbid_would_be_seen() -> None:
    """The check of a step is no echo of the rules: each that was left out would show."""
    mia = ORGANISATION.members["m-mia"]
    given_admin = replace(ORGANISATION.members["m-new"], roles=("administrator",))
    for after in (
        replace(ORGANISATION, members={**ORGANISATION.members, "m-new": given_admin}),
        replace(ORGANISATION, members={**ORGANISATION.members, mia.id: replace(mia, roles=())}),
        replace(
            ORGANISATION,
            members={
                **ORGANISATION.members,
                **{key: replace(ORGANISATION.members[key], roles=()) for key in ("m-ann", "m-ben", "m-sue")},
            },
        ),
    ):
        try:
            check_step(ORGANISATION, after, mia)
        except AssertionError:
            continue
        raise AssertionError("this was not seen")

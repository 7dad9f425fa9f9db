"""Why a member may do something: from the Access screen and from a card, down to the event and back."""

from collections.abc import Callable

from data.records import Event, Outcome
from data.services.audit_log import AuditLog
from tests.functional.console.driving import running

Opener = Callable[[], AuditLog]


async def test_from_a_member_to_the_event_that_made_a_link_and_back(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, size=(80, 24)) as driver:
        await driver.press("3", "slash", *"Hugo", "enter", "w")
        assert driver.shows("Why: Hugo Lind", "LOG-MANAGEMENT", "may view audit logs", "may not manage audit logs")
        await driver.press("j", "j", "j", "j", "enter")
        assert driver.shows(" MAY  Hugo Lind", "Hugo Lind → Platform → Integration manager → clients:write")
        await driver.press("j", "j")
        put_back = next(one for one in events if one.type == "role.updated" and one.outcome is Outcome.SUCCESS)
        assert driver.shows(f"{put_back.occurred_at:%H:%M} UTC  the role has clients:write  by Carla Ruiz")
        await driver.press("enter")
        assert driver.current == put_back
        await driver.press("escape")
        assert driver.shows(" MAY  Hugo Lind")
        await driver.press("escape")
        assert driver.shows("Why: Hugo Lind", "LOG-MANAGEMENT")
        await driver.press("escape")
        assert driver.shows("3 Access")


async def test_from_the_card_of_a_refusal_as_of_its_time(demo_log: Opener, events: list[Event]) -> None:
    refused = next(one for one in events if one.type == "token.rotated" and one.actor.name == "Hugo Lind")
    assert refused.outcome is Outcome.DENIED
    async with running(demo_log, f"id:{refused.id} last:all", size=(120, 40)) as driver:
        await driver.press("w")
        assert driver.shows("client", "actor")
        await driver.press("a")
        assert driver.shows(" MAY NOT  Hugo Lind", f"as of {refused.occurred_at:%d %b %Y %H:%M} UTC", "clients:write")
        assert driver.shows("LOST BY", "Role updated  Integration manager  by Carla Ruiz")
        assert driver.shows("ROLES THAT HAVE IT", "Client manager, Organisation administrator")


async def test_what_is_no_member_may_or_may_not_do_nothing(demo_log: Opener) -> None:
    async with running(demo_log, size=(80, 24)) as driver:
        await driver.press("3", "full_stop", "w")
        assert driver.shows("Members alone may or may not do something")

"""What a page further down takes is made while nobody waits for it, and asked for when the key has its frame."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App

from data.records import Event
from tests.functional.console.driving import running
from tui.jobs import Jobs
from tui.presenters.card import card_rows
from tui.presenters.pieces import Row
from tui.reading.questions import OLDER

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]


async def test_the_cards_of_the_next_page_are_made_before_anybody_asks_for_them(
    demo_log: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, made_at_frames = [], []

    def make(event: Event, *arguments: Any, **named: Any) -> tuple[Row, ...]:  # noqa: ANN401
        made.append(event)
        return card_rows(event, *arguments, **named)

    monkeypatch.setattr("tui.deck.blocks.card_rows", make)
    async with running(demo_log, "last:all") as driver:
        for key in ("pagedown", "pagedown", "pagedown"):
            await driver.press(key)
        monkeypatch.setattr(App, "post_display_hook", lambda _: made_at_frames.append(len(made)))
        made.clear()
        before = driver.deck.cursor
        await driver.press("pagedown")
        assert driver.deck.cursor - before > 5
        assert len(made) > 5
        assert made_at_frames[0] <= 1, "a page can have one card more than the one before it"


async def test_more_is_asked_for_when_the_key_has_its_frame(demo_log: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    happened, ask = [], Jobs.ask

    def note(jobs: Jobs, topic: str, *arguments: Any) -> None:  # noqa: ANN401
        happened.append(topic)
        ask(jobs, topic, *arguments)

    async with running(demo_log, "last:all") as driver:
        monkeypatch.setattr(Jobs, "ask", note)
        monkeypatch.setattr(App, "post_display_hook", lambda _: happened.append("frame"))
        for _ in range(12):
            happened.append("key")
            await driver.press("pagedown")
    assert OLDER in happened
    for at, what in enumerate(happened):
        since_key = happened[:at][::-1]
        assert what != OLDER or "frame" in since_key[: since_key.index("key")]

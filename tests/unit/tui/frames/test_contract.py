"""What the frames rest on of Textual's own insides: whoever moves to another version of it is told here first."""

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import textual
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual import messages
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from tui.frames.framed_app import TEXTUAL, FramedApp

_PROJECT = Path(__file__).parents[4]


def _names_in(function: Callable[..., Any]) -> set[str]:
    """Every attribute that a function asks for or calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_it_is_the_version_that_was_looked_at_and_no_other_is_installed() -> None:
    pinned = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert textual.__version__ == TEXTUAL
    assert f"textual=={TEXTUAL}" in pinned


def test_with_another_version_textual_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FramedApp()
    monkeypatch.setattr(textual, "__version__", "99.0.0")
    app.draw_frames({"TERM": "xterm"})
    assert app._frames is None
    monkeypatch.undo()
    app.draw_frames({"TERM": "xterm"})
    assert app._frames is not None


def test_all_that_is_drawn_comes_through_one_method() -> None:
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert list(inspect.signature(FramedApp._display).parameters) == ["self", "screen", "renderable"]
    callers = {name for name, one in vars(Screen).items() if inspect.isfunction(one) and "_display" in _names_in(one)}
    assert callers == {"_compositor_refresh"}
    drawn = _names_in(App._display)
    assert {"_batch_count", "_running", "_closed", "is_headless", "post_display_hook", "render_segments"} <= drawn
    assert {"cursor_position", "outer_size", "clamp_offset"} <= drawn


def test_what_is_drawn_is_one_of_two_kinds() -> None:
    assert _names_in(Compositor.render_update) >= {"render_full_update", "render_partial_update"}
    assert inspect.signature(Compositor.render_full_update).return_annotation == "LayoutUpdate"
    assert inspect.signature(Compositor.render_partial_update).return_annotation == "ChopsUpdate | None"
    assert list(vars(LayoutUpdate([], Region(0, 0, 1, 1)))) == ["strips", "region"]
    assert list(vars(ChopsUpdate([], [], []))) == ["chops", "spans", "chop_ends"]


def test_strips_and_styles_are_read_as_textual_reads_them() -> None:
    strip = Strip([Segment("a", Style(bold=True, link="https://example.org"))])
    (text, style, control), *_ = strip._segments
    assert (text, control) == ("a", None) and style is not None
    ansi = Strip.render_ansi(style, ColorSystem.TRUECOLOR)
    drawn = Strip.render_style(style, "a", color_system=ColorSystem.TRUECOLOR)
    assert style._ansi == ansi == "1"
    assert drawn == f"\x1b]8;id={style._link_id};{style._link}\x1b\\\x1b[1ma\x1b[0m\x1b]8;;\x1b\\"
    assert _names_in(Strip.render_style) == {"_ansi", "render_ansi", "_link", "_link_id"}


def test_the_terminals_answer_is_a_message_each_time() -> None:
    parser = XTermParser()
    tokens = [token for _ in range(3) for token in parser.feed("\x1b[?2026;2$y")]
    assert [type(token) for token in tokens] == [messages.TerminalSupportsSynchronizedOutput] * 3
    assert messages.TerminalSupportsSynchronizedOutput.handler_name == "on_terminal_supports_synchronized_output"


def test_the_writer_has_a_queue_and_a_file() -> None:
    assert {"_queue", "_file"} <= _names_in(WriterThread.run)


def test_what_fails_is_left_to_textual(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    app, drawn = FramedApp(), list[str]()
    app.draw_frames({"TERM": "xterm"}, drawn.append)
    monkeypatch.setattr(FramedApp, "_is_drawing", property(lambda _: True))
    monkeypatch.setattr(FramedApp, "_cursor_cell", property(lambda _: (0, 0)))
    refreshed: list[bool] = []
    screen: Screen[Any] = Screen()
    monkeypatch.setattr(screen, "refresh", lambda: refreshed.append(True))
    monkeypatch.setattr(FramedApp, "screen", screen)
    update = LayoutUpdate([[Strip([Segment("ab")])]], Region(0, 0, 2, 1))
    app._display(screen, update)
    assert "ab" in drawn[0] and not refreshed
    del update.strips
    app._display(screen, update)
    assert app._frames is None and refreshed == [True]
    assert "frames are left to Textual" in caplog.text

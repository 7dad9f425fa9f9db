"""Tests of tui.glyphs, and that no character beyond ASCII is drawn but through it."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from tui.glyphs import ASCII, UNICODE, Glyphs, draw_with, glyphs
from tui.terminal import cells_of

_TUI = Path(__file__).parents[3] / "tui"
_SOURCES = sorted(path for path in _TUI.rglob("*.py") if path.name != "glyphs.py")
_TEXTS = [field.name for field in fields(Glyphs) if field.type in ("str", str)]
# What a person may write for a key; only shown where it can be.
_READ = {"key_names.py": {"←", "→", "↑", "↓"}}
_IN_ONE_CELL = ("selection", "failed", "rule", "thumb", "cut", "stand_in")


def _drawn_texts(tree: ast.Module) -> Iterator[str]:
    """The texts in a source that are not documentation."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


@pytest.mark.parametrize("path", _SOURCES, ids=[str(path.relative_to(_TUI)) for path in _SOURCES])
def test_no_character_beyond_ascii_is_written_out(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert {text for text in _drawn_texts(tree) if not text.isascii()} <= _READ.get(path.name, set())


@pytest.mark.parametrize("name", _TEXTS)
def test_each_has_an_ascii_form_and_is_drawn_somewhere(name: str) -> None:
    text: str = getattr(ASCII, name)
    assert text.isascii() and text.isprintable() and text
    assert any(f"glyphs().{name}" in path.read_text(encoding="utf-8") for path in _SOURCES)


@pytest.mark.parametrize("drawn", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_what_has_to_be_one_cell_is_one(drawn: Glyphs) -> None:
    assert {cells_of(getattr(drawn, name)) for name in _IN_ONE_CELL} | {cells_of(bar) for bar in drawn.bars} == {1}


def test_those_that_stand_in_one_place_differ() -> None:
    for drawn in (UNICODE, ASCII):
        assert len({drawn.folded, drawn.selection}) == 2
        assert len({drawn.removed, "+", drawn.arrow}) == 3
        assert len(set(drawn.bars)) == len(drawn.bars)


def test_what_is_chosen_is_in_force_from_then_on() -> None:
    assert glyphs() is UNICODE
    draw_with(ASCII)
    assert glyphs() is ASCII

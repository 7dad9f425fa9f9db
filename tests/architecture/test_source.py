"""Rules about the source itself: sizes, names, and text that never passes through markup."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SOURCES = sorted(path for package in ("data", "tui") for path in (PROJECT / package).rglob("*.py"))
INTERFACE = [path for path in SOURCES if path.is_relative_to(PROJECT / "tui")]
MOST_LINES = 350
_SMELLS = {"utils", "util", "helpers", "common", "misc"}

# Widgets whose text Textual reads as markup, and functions that read it anywhere.
_READ_MARKUP = {"Static", "Label", "Button", "Markdown", "Collapsible", "Tooltip", "RichLog", "OptionList", "Toast"}
_MARKUP_CALLS = {"from_markup", "notify", "render_markup", "update_from_markup"}


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def markup_in(tree: ast.AST) -> Iterator[str]:
    """Whatever in a module could turn text into markup, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=names) if module and module.startswith(("textual", "rich")):
                for name in names:
                    if name.name in _READ_MARKUP | {"Markup"}:
                        yield f"line {node.lineno}: imports {name.name}"
                if module in ("textual.markup", "rich.markup"):
                    yield f"line {node.lineno}: imports {module}"
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _MARKUP_CALLS:
                yield f"line {node.lineno}: calls {attr}"
            case ast.Call(keywords=keywords) if any(
                word.arg == "markup" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
                for word in keywords
            ):
                yield f"line {node.lineno}: markup is on"
            case ast.Attribute(attr="tooltip" | "border_title" | "border_subtitle", ctx=ast.Store()):
                yield f"line {node.lineno}: sets {node.attr}, which is read as markup"


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 100 and len(INTERFACE) > 40


@pytest.mark.parametrize("package", ["data", "tui"])
def test_no_file_is_longer_than_a_room(package: str) -> None:
    lengths = {
        _shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCES
        if path.is_relative_to(PROJECT / package)
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_style_sheet_is_longer_either() -> None:
    sheets = list((PROJECT / "tui").rglob("*.tcss"))
    assert sheets and all(len(sheet.read_text(encoding="utf-8").splitlines()) <= MOST_LINES for sheet in sheets)


def test_files_are_named_for_what_they_hold() -> None:
    names = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert names & _SMELLS == set()
    assert all(name == name.lower() for name in names)


def test_no_text_is_given_to_a_reader_of_markup() -> None:
    found = {_shown(path): [*markup_in(_tree(path))] for path in INTERFACE}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from textual.widgets import Static",
        "from textual.widgets import Input, Label",
        "from rich.markup import escape",
        "self.notify('Called off.')",
        "self.app.notify(f'{name} was revoked')",
        "Text.from_markup(name)",
        "Content.from_markup('$name', name=name)",
        "widget = Panel(text, markup=True)",
        "widget.border_title = name",
        "self.tooltip = name",
    ],
)
def test_markup_would_be_seen(source: str) -> None:
    assert [*markup_in(ast.parse(source))]


def test_text_is_formatted_by_f_strings_alone() -> None:
    formats = [
        f"{_shown(path)}:{node.lineno}"
        for path in INTERFACE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    ]
    assert formats == [], "str.format reads braces in stored text"


def test_threads_start_in_one_place() -> None:
    starting = {
        _shown(path)
        for path in INTERFACE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"Thread", "run_worker", "to_thread", "run_in_executor"}
    }
    assert starting == {"tui/jobs.py"}


def test_an_engine_is_made_by_nobody_who_is_only_imported() -> None:
    at_import = [
        f"{_shown(path)}:{call.lineno}"
        for path in SOURCES
        for statement in _tree(path).body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        for call in ast.walk(statement)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in {"create_engine", "connect"}
    ]
    assert at_import == []


_LENDING = {"asking", "reading", "writing"}
"""What lends a transaction: the database to the gate, the gate to the services."""


def lent_past_the_gate(tree: ast.AST) -> Iterator[int]:
    """The lines of a module that take a transaction from anything but a gate."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LENDING:
            lender = ast.unparse(node.func.value).rpartition(".")[2].lstrip("_")
            if lender != "gate":
                yield node.lineno


def test_nobody_but_the_gate_takes_a_transaction() -> None:
    rooms = ("data/services/", "data/gateway/", "tui/")
    found = {_shown(path): [*lent_past_the_gate(_tree(path))] for path in SOURCES if _shown(path).startswith(rooms)}
    assert [name for name, lines in found.items() if lines] == ["data/services/gate.py"]


@pytest.mark.parametrize(
    "taken", ["self._database.asking()", "self._gate.database.writing()", "database.reading(zone)"]
)
def test_a_transaction_taken_past_the_gate_would_be_seen(taken: str) -> None:
    assert [*lent_past_the_gate(ast.parse(taken))]

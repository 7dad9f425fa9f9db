"""Text reaches a terminal by the known ways alone: rows of pieces that are made safe, and lines of plain output that are."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.test_source import INTERFACE, PROJECT

WAYS: dict[str, frozenset[str]] = {
    # What a terminal is told to draw.
    "Segment()": frozenset({"tui/widgets/painting.py", "tui/no_color.py"}),
    "Strip()": frozenset({"tui/widgets/painting.py"}),
    "Text()": frozenset({"tui/widgets/safe_input.py"}),
    "Content()": frozenset(),
    "Static()": frozenset(),
    "Label()": frozenset(),
    "notify()": frozenset(),
    # `Line` makes every piece that holds a text, and makes it safe.
    "Piece() of a text": frozenset({"tui/presenters/pieces.py"}),
    "a piece's text replaced": frozenset(),
    # What Textual draws, or tells the terminal, by itself.
    "def render": frozenset(),
    "update()": frozenset(),
    "title set": frozenset({"tui/screens/event_log/display.py"}),  # its own attribute, a widget
    # Around base64; looked for in what is typed, and in what the plotting library draws.
    "an escape sequence": frozenset(
        {
            "tui/clipboard.py",
            "tui/typed_text.py",
            "tui/presenters/plot_canvas.py",
            "tui/screens/event_log/copying.py",  # which empties the screen
            "tui/late_answers.py",  # looked for in what is written
            # Cells of rows that were made safe; what would drive a terminal all the same is replaced in `tui.frames.cells`.
            *("tui/frames/encoder.py", "tui/frames/frames.py", "tui/frames/looks.py"),
            "tui/first_frame.py",  # around a row that was made safe
        }
    ),
    # Plain output.
    "print()": frozenset({"tui/commands/output.py", "tui/screens/event_log/copying.py"}),
    ".print()": frozenset({"tui/fault_keeping.py"}),  # into the operational log
    "a standard stream": frozenset({"tui/commands/output.py", "tui/terminal.py", "tui/first_frame.py"}),
    # The README; what `tui.clipboard` made of safe text; a new token, to a file of its owner's; lines of an export.
    "write()": frozenset(
        {
            *("tui/reference.py", "tui/terminal_app.py", "tui/token_file.py"),
            *("tui/frames/framed_app.py", "tui/lost_terminal.py", "tui/first_frame.py"),  # frames
            "tui/late_answers.py",  # which looks at them
            "tui/first_answer.py",  # an answer to the process that asked for it
            *("tui/commands/output.py", "tui/export_file.py"),
        }
    ),
}
"""Each way out, and the only modules that may use it."""

_DRAWN = {"Segment", "Strip", "Text", "Content", "Static", "Label", "notify", "print"}
_NO_WIDGETS = {
    "tui/screens/views.py",
    "tui/commands/verify_progress.py",
    "tui/commands/import_progress.py",
    "tui/commands/export_progress.py",
    "tui/commands/demo.py",
}
"""Where `update` is that of a reading of views, or of a bar of progress whose text is made safe there or is none."""


def ways_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every way out that a module uses, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _DRAWN:
                method = isinstance(node.func, ast.Attribute) and name == "print"
                yield f"{'.' if method else ''}{name}()", node.lineno
            case ast.Call(func=ast.Name(id="Piece"), args=[text, *_]) if _is_own(text):
                pass
            case ast.Call(func=ast.Name(id="Piece")):
                yield "Piece() of a text", node.lineno
            case ast.Call(func=ast.Attribute(attr="_replace"), keywords=words) if not all(map(_keeps_text, words)):
                yield "a piece's text replaced", node.lineno
            case ast.Call(func=ast.Attribute(attr="update"), args=[ast.Dict() | ast.DictComp()]):
                pass  # of a dictionary
            case ast.Call(func=ast.Attribute(attr="update")):
                yield "update()", node.lineno
            case ast.Call(func=ast.Attribute(attr="write" | "write_text")):
                yield "write()", node.lineno
            case ast.FunctionDef(name="render" | "render_str" | "__rich__" | "__rich_console__"):
                yield "def render", node.lineno
            case ast.Attribute(attr="title" | "sub_title", ctx=ast.Store()):
                yield "title set", node.lineno
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" | "__stdout__" | "__stderr__"):
                yield "a standard stream", node.lineno
            case ast.Constant(value=str() as text) if "\x1b" in text or "\x9b" in text:
                yield "an escape sequence", node.lineno


def _is_own(text: ast.expr) -> bool:
    """Whether it is words of the program, blanks, or one of its glyphs."""
    match text:
        case ast.Constant() | ast.Attribute(value=ast.Call(func=ast.Name(id="glyphs"))):
            return True
        case ast.BinOp(left=ast.Constant(), op=ast.Mult()):
            return True
        case _:
            return False


def _keeps_text(word: ast.keyword) -> bool:
    """Whether a replacement leaves a piece's text, or cuts it: a part of a safe text is safe."""
    match word:
        case ast.keyword(arg="text", value=ast.Subscript(value=ast.Attribute(attr="text"))):
            return True
        case _:
            return word.arg != "text"


def test_text_goes_out_by_the_known_ways_alone() -> None:
    used = [
        (way, str(path.relative_to(PROJECT)), line)
        for path in INTERFACE
        for way, line in ways_in(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert used
    astray = [
        (way, module, line)
        for way, module, line in used
        if module not in WAYS[way] and not (way == "update()" and module in _NO_WIDGETS)
    ]
    assert astray == []


@pytest.mark.parametrize(
    ("way", "source"),
    [
        ("Segment()", "strip.append(Segment(event.reason, style))"),
        ("Strip()", "return textual.strip.Strip([segment])"),
        ("Text()", "return Text(event.actor.name)"),
        ("Content()", "return Content(name)"),
        ("Static()", "yield Static(name)"),
        ("Label()", "yield widgets.Label(name)"),
        ("notify()", "self.app.notify(name)"),
        ("Piece() of a text", "row = (Piece(event.reason, Role.TEXT),)"),
        ("Piece() of a text", "row = (Piece(f'{name}', Role.TEXT),)"),
        ("a piece's text replaced", "piece._replace(text=name)"),
        ("def render", "class Card(Widget):\n    def render(self):\n        return self.event.reason"),
        ("update()", "self.query_one(Static).update(name)"),
        ("title set", "self.app.sub_title = name"),
        ("an escape sequence", "driver.send(f'\\x1b]0;{name}\\x07')"),
        ("print()", "print(name)"),
        (".print()", "console.print(name)"),
        ("a standard stream", "stream = sys.stderr"),
        ("write()", "self.app._driver.write(name)"),
    ],
)
def test_a_way_that_is_not_known_would_be_seen(way: str, source: str) -> None:
    assert way in {found for found, _ in ways_in(ast.parse(source))}


def test_words_of_the_program_itself_are_no_way_out() -> None:
    harmless = "Piece(' ' * 3); Piece(glyphs().thumb, Role.MUTED); piece._replace(role=Role.TITLE, text=piece.text[1:])"
    assert [*ways_in(ast.parse(harmless))] == []

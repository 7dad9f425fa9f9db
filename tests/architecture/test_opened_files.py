"""SQLite alone opens an embedded database's file: who else closes a descriptor of it takes the locks of SQLite away.

So a module of the data folder that opens files is named here, once it is known that none of them can be the database.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.test_source import PROJECT, SOURCES

OPENERS = {
    "data/store/engine.py": "a file that is not there yet",
    "data/store/write_turn.py": "the files of turns, beside the database's",
    "data/exchange/input_file.py": "what is imported: `refuse_as_input` is asked before",
    "data/exchange/arriving.py": "what is imported, while it is written: the same",
    "data/exchange/rejects.py": "a file that it makes itself",
    "data/exchange/mapping_files.py": "what comes with the program, and a file that it makes itself",
    "data/services/reading_spool.py": "a file of the state folder, under a name of its own",
    "data/oplog.py": "the operational log",
    "data/proof/remembered.py": "a file of the state folder, under a name of its own",
    "data/proof/pool.py": "the system's own nowhere, in a process of its own that has not opened a database yet",
    "data/settings_glance.py": "the person's settings",
    "data/proof/keys.py": "the key's file, which holds a key or is refused, and one that it makes itself",
}
"""Each module that opens files, and which."""

_OPEN = {"open", "FileIO", "read_bytes", "read_text", "write_bytes", "write_text", "touch"}
_COPY = {"copy", "copy2", "copyfile", "copytree", "move"}


def opened_in(tree: ast.AST) -> Iterator[int]:
    """The lines on which a module opens a file."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _OPEN:
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os" | "io"), attr="open" | "FileIO")):
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="shutil"), attr=name)) if name in _COPY:
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr=name)) if name in _OPEN - {"open"}:
                yield node.lineno
            # `open` of a path takes a mode; that of a database, a log or a screen never does.
            case ast.Call(func=ast.Attribute(attr="open"), args=[ast.Constant(value=str()), *_]):
                yield node.lineno


def test_data_opens_files_in_the_known_places_alone() -> None:
    modules = {str(path.relative_to(PROJECT)): path for path in SOURCES if path.is_relative_to(PROJECT / "data")}
    found = {name for name, path in modules.items() if any(opened_in(ast.parse(path.read_text(encoding="utf-8"))))}
    assert found == OPENERS.keys()


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "os.open(path, os.O_RDONLY)",
        "FileIO(path)",
        "io.FileIO(path)",
        "path.open('rb')",
        "path.read_bytes()",
        "path.touch()",
        "shutil.copyfile(path, other)",
    ],
)
def test_file_that_is_opened_is_seen(source: str) -> None:
    assert [*opened_in(ast.parse(source))] == [1]


@pytest.mark.parametrize(
    "source", ["database.open(create=False)", "self._open()", "path.stat()", "self.clients.open(by)"]
)
def test_what_opens_no_file_is_passed_over(source: str) -> None:
    assert not [*opened_in(ast.parse(source))]

"""Where mappings lie: those that ship with the program, by name, and those of the user, by path.

What reads them, and JMESPath with it, is loaded with the first one: most imports and all other commands need none.
"""

import os
from contextlib import suppress
from importlib import resources

from data.errors import AuditdeckError
from data.exchange.input_file import open_input
from data.exchange.mapping import RecordMapping

MAPPING_SUFFIX = ".toml"

_SHIPPED = resources.files("data.exchange") / "mappings"


def shipped_tags() -> tuple[str, ...]:
    """The names of the mappings that ship, in alphabetical order."""
    names = (entry.name for entry in _SHIPPED.iterdir())
    return tuple(sorted(name.removesuffix(MAPPING_SUFFIX) for name in names if name.endswith(MAPPING_SUFFIX)))


def shipped_mapping(tag: str) -> RecordMapping:
    """One of them."""
    from data.exchange.mapping_file import parse_mapping

    name = f"{tag}{MAPPING_SUFFIX}"
    return parse_mapping((_SHIPPED / name).read_bytes(), name)


def mapping_at(path: str) -> RecordMapping:
    """The mapping in a file. Raises UnreadableInput for a file that cannot be read, BadMapping for one that is none."""
    from data.exchange.mapping_file import LARGEST_MAPPING, parse_mapping

    return parse_mapping(_content(path, LARGEST_MAPPING), path)


def says_the_same(path: str, text: str) -> bool:
    """Whether the file there is a mapping that says what this text says, whatever their comments are. Raises
    UnreadableInput for one that cannot be read."""
    import tomllib

    from data.exchange.mapping_file import LARGEST_MAPPING

    try:
        return tomllib.loads(_content(path, LARGEST_MAPPING).decode()) == tomllib.loads(text)
    except (ValueError, RecursionError):
        return False


def write_mapping(path: str, text: str) -> None:
    """Make a mapping file. Raises AuditdeckError where one is already, or where it cannot be written; then there is no half
    of one."""
    is_made = False
    try:
        with open(path, "xb") as file:
            is_made = True
            file.write(text.encode())
    except FileExistsError:
        raise AuditdeckError(f"{path} is there already, and is not written over") from None
    except (OSError, ValueError) as error:
        if is_made:
            with suppress(OSError):
                os.unlink(path)
        raise _unwritable(path, error) from error


def _unwritable(path: str, error: OSError | ValueError) -> AuditdeckError:
    words = error.strerror if isinstance(error, OSError) else None
    return AuditdeckError(f"cannot write the mapping to {path}: {words or error}")


def _content(path: str, most: int) -> bytes:
    """A file up to the first byte that is too many."""
    content = bytearray()
    with open_input(path) as file:
        for chunk in file.chunks():
            content += chunk
            if len(content) > most:
                break
    return bytes(content)

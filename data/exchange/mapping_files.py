"""Where mappings lie: those that ship with the program, by name, and those of the user, by path.

What reads them, and JMESPath with it, is loaded with the first one: most imports and all other commands need none.
"""

from importlib import resources

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

    content = bytearray()
    with open_input(path) as file:
        for chunk in file.chunks():
            content += chunk
            if len(content) > LARGEST_MAPPING:
                break
    return parse_mapping(bytes(content), path)

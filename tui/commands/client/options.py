"""What several of `auditdeck client`'s commands take, and how they say what is wrong with it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from data.clients.errors import ClientNotFound, DetailsWrong
from data.clients.expiry import EXAMPLES
from data.clients.rules import FIELDS
from data.tokens import is_public_id
from tui.commands.failures import SeveralProblems


def add_client_argument(parser: ArgumentParser) -> None:
    """Which client it is about."""
    parser.add_argument("client", metavar="CLIENT", help="its name, its id, or a public id of one of its tokens")


def add_token_argument(parser: ArgumentParser) -> None:
    """Which token it is about."""
    parser.add_argument("public_id", metavar="PUBLIC_ID", help="the token's public id, as adk_Ab3dE5gH")


def add_details(parser: ArgumentParser) -> None:
    """The fields of a client but for its name."""
    parser.add_argument("--description", metavar="TEXT", help="what it is for")
    parser.add_argument("--owner", metavar="TEXT", help="who answers for it")
    parser.add_argument(
        "--scopes", metavar="LIST", help="what its tokens may do, with commas: orders:read,orders:write"
    )
    parser.add_argument(
        "--networks", metavar="LIST", help="where its tokens work, with commas: 198.51.100.0/24; empty: from anywhere"
    )
    parser.add_argument("--expires", metavar="DAY", help=f"the last day on which it is valid: {EXAMPLES}")


def add_reason(parser: ArgumentParser) -> None:
    """Why what cannot be undone is done."""
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it stands in the log")


def add_json(parser: ArgumentParser) -> None:
    """The client afterwards, for programs."""
    parser.add_argument("--json", action="store_true", help="the client as one JSON object")


def typed_details(arguments: Namespace) -> dict[str, str]:
    """The fields that were given, by their names."""
    return {field: value for field in FIELDS if (value := getattr(arguments, field, None)) is not None}


def read_public_id(text: str) -> str:
    """The public id. Raises ClientNotFound for what is none."""
    if not is_public_id(text):
        raise ClientNotFound(
            f"{text} is not the public id of a token, as adk_Ab3dE5gH; `auditdeck client show CLIENT` lists a client's."
        )
    return text


@contextmanager
def naming_options(name: str = "--name") -> Iterator[None]:
    """Within the block, what is wrong with fields is told by the options that were given; `name` is what the name's is."""
    try:
        yield
    except DetailsWrong as error:
        raise SeveralProblems(
            [f"{name if field == 'name' else f'--{field}'}: {problem}" for field, problem in error.problems.items()]
        ) from error

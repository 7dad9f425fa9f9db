"""`auditdeck views`: the queries that are kept under names."""

from argparse import ArgumentParser, Namespace

from data.clock import to_text
from data.records import Json
from data.settings import Settings
from data.views import View
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json
from tui.terminal import cells_of, safe


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object: person, views")


def _run(arguments: Namespace, settings: Settings) -> int:
    with opened_log(settings, create=settings.may_create_database) as log:
        found = log.views.all()
    if arguments.json:
        say_json({"person": found.person, "views": [_as_json(view) for view in found.views]})
        return SUCCEEDED
    rows = [(safe(view.name), safe(whose(view))) for view in found.views]
    wide = [max(cells_of(row[column]) for row in rows) for column in range(2)]
    for view, row in zip(found.views, rows, strict=True):
        columns = (cell + " " * (width - cells_of(cell)) for cell, width in zip(row, wide, strict=True))
        say("  ".join((*columns, view.text)))
        if view.problem is not None:
            say(f"  {view.problem}")
    return SUCCEEDED


def whose(view: View) -> str:
    """Whose view it is, and who sees it, in a word or two."""
    if view.owner is None:
        return "built in"
    if not view.is_own:
        return f"by {view.owner}"
    return "yours, shared" if view.is_shared else "yours"


def _as_json(view: View) -> dict[str, Json]:
    mark = view.mark
    return {
        "name": view.name,
        "query": view.text,
        "owner": view.owner,
        "own": view.is_own,
        "shared": view.is_shared,
        "problem": view.problem,
        "read_to": None if mark is None else {"event": str(mark.event_id), "left_at": to_text(mark.left_at)},
    }


COMMAND = Command(
    "views",
    "list the views: your own, those that others share, those that come with the program",
    _run,
    _add_arguments,
    ("auditdeck views", "auditdeck views --json", "auditdeck events --view 'Denied yesterday'"),
)

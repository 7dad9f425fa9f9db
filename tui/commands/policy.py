"""`auditdeck policy`: the organisation's rules, shown and changed."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from data.caller import COMMAND_LINE
from data.policy import POLICY_KEYS, POLICY_SENTENCES, Policy, policy_rows, rule_as_json
from data.records import Json
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json

_SET = "set"
_USAGE = "Write auditdeck policy, or auditdeck policy set KEY VALUE."


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        metavar="set KEY VALUE",
        nargs="*",
        help=f"change a rule: {', '.join(POLICY_KEYS)}; a list is one value or several",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object with every rule by its key")


def _run(arguments: Namespace, settings: Settings) -> int:
    change = _change_asked_for(arguments.words)
    with opened_log(settings, create=settings.may_create_database) as log:
        policy = log.policy.read() if change is None else log.policy.change(log.caller(COMMAND_LINE), *change)
    if arguments.json:
        say_json(_as_json(policy))
        return SUCCEEDED
    width = max(map(len, POLICY_KEYS))
    for key, value in policy_rows(policy).items():
        if change is None or key == change[0]:
            say(f"{key:<{width}}  {value or '(none)'}")
        if change is None:
            say(f"    {POLICY_SENTENCES[key]}")
    return SUCCEEDED


def _change_asked_for(words: Sequence[str]) -> tuple[str, str] | None:
    """The rule to be changed and its value, or None if the rules are to be shown. Raises Misuse for anything else."""
    match words:
        case []:
            return None
        case [first, key, value, *more] if first == _SET:
            return key, " ".join((value, *more))
        case _:
            raise Misuse(_USAGE)


def _as_json(policy: Policy) -> dict[str, Json]:
    return {key: rule_as_json(policy, key) for key in POLICY_KEYS}


COMMAND = Command(
    "policy",
    "show the organisation's rules, or change one",
    _run,
    _add_arguments,
    (
        "auditdeck policy",
        "auditdeck policy set zone Europe/Berlin",
        "auditdeck policy set scopes orders:read orders:write",
    ),
)

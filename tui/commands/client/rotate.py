"""`auditdeck client rotate`: a new token in place of the one there is."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.policy import MOST_OVERLAP_DAYS
from data.settings import Settings
from tui.commands.client.handing_over import add_token_flag, hand_over, refuse_losing
from tui.commands.client.options import add_client_argument
from tui.commands.command import Command, whole_number
from tui.commands.opening import opened_log
from tui.commands.output import tell


def _add_arguments(parser: ArgumentParser) -> None:
    add_client_argument(parser)
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--overlap",
        type=whole_number(1, MOST_OVERLAP_DAYS),
        metavar="DAYS",
        help="how many whole days the token that is replaced works beside the new one (default: as the organisation's "
        "rules say)",
    )
    when.add_argument("--at-once", action="store_true", help="end the token that is replaced now")
    add_token_flag(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    refuse_losing(arguments.token, "The new token")
    with opened_log(settings, create=settings.may_create_database) as log:
        client, by = log.clients.find(arguments.client), log.caller(COMMAND_LINE)
        policy = log.policy.read()  # before there is a token that could be lost with it
        issued = log.clients.rotate(by, client.id, 0 if arguments.at_once else arguments.overlap)
        kept = {one.public_id: one for one in issued.client.tokens}
        tell(f"{client.name} ({client.id}) has the new token {issued.token}.")
        for before in client.tokens:
            after = kept[before.public_id]
            if after.ended_at is not None and before.ended_at is None:
                tell(f"{after.public_id} was ended.")
            elif after.overlap_ends != before.overlap_ends:
                tell(
                    f"{after.public_id} works through {after.overlap_ends}; `auditdeck client prolong` gives it longer."
                )
        return hand_over(log, by, issued, policy, as_json=arguments.json)


COMMAND = Command(
    "rotate",
    "replace an API client's token by a new one, with an overlap or at once",
    _run,
    _add_arguments,
    (
        "auditdeck client rotate 'Payroll sync' --token > token",
        "auditdeck client rotate 'Payroll sync' --overlap 14 --token --json",
        "auditdeck client rotate 'Payroll sync' --at-once --token",
    ),
)

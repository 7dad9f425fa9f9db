"""What `auditdeck client`'s commands say once something was done."""

from data.clients.model import ApiClient
from data.clock import system_clock
from data.exchange import client_to_json
from data.policy import Policy
from tui.commands.output import say, say_json


def say_done(client: ApiClient, policy: Policy, done: str, *, as_json: bool) -> None:
    """The client as it is since, or a sentence about what was done."""
    if as_json:
        say_json(client_to_json(client, system_clock(), policy.zone))
    else:
        say(done)

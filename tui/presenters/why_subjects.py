"""About what a card can be asked why: the calls of its client, and what the members that it names may do."""

from dataclasses import dataclass
from datetime import datetime

from data.permissions import Permission
from data.records import ActorType, Event, Outcome, Reference
from tui.permitted import may
from tui.presenters.choices import Choice
from tui.presenters.subject import client_of
from tui.scopes import WHY_MEMBER_NEEDS, WHY_NEEDS


@dataclass(frozen=True, slots=True)
class WhySubject:
    """A client, or with a time a member; then also what the card's act needs, as far as that is known."""

    reference: Reference
    at: datetime | None = None
    permission: Permission | None = None


def why_choices(event: Event, needed: Permission | None) -> list[Choice[WhySubject]]:
    """What can be asked of an event, by whoever is at the console; `needed` is what its act needs of who does it.

    Of what succeeded with a client, why its calls are refused is asked and nothing else: that its member could do it is
    seen, and what they may is found on their card.
    """
    choices = []
    client = client_of(event)
    if client is not None and may(WHY_NEEDS):
        meaning = f"{client.label}: why its calls are refused, or that they are not."
        choices.append(Choice("c", "client", meaning, WhySubject(client)))
    if not may(WHY_MEMBER_NEEDS) or (choices and event.outcome is not Outcome.DENIED):
        return choices
    named = {one.id: (letter, word, one) for letter, word, one in _members(event)}
    for letter, word, member in named.values():
        wanted = needed if member.id == event.actor.id else None
        meaning = f"{member.label}: what they might do then, and why."
        choices.append(Choice(letter, word, meaning, WhySubject(member, event.occurred_at, wanted)))
    return choices


def _members(event: Event) -> list[tuple[str, str, Reference]]:
    found = [("t", "target", event.target), ("a", "actor", event.actor)]
    return [
        (letter, word, one)
        for letter, word, one in found
        if one is not None and one.type == ActorType.MEMBER and one.id is not None
    ]

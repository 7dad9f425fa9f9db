"""How somebody stands, as one transaction has it: what they may do, or why they may not come in."""

from datetime import datetime

from data.access.errors import NotSignedIn
from data.access.model import OWNER_ID, MemberStatus, Standing
from data.permissions import Permission, effective
from data.records import ActorType, Reference
from data.services.identity import Transaction

_EVERYTHING = frozenset(Permission)


def standing_of(transaction: Transaction, who: Reference, now: datetime, *, is_embedded: bool) -> Standing:
    """What they may do now (aware). Raises NotSignedIn, with the reason, for one who may not come in.

    The system holds no permission: what is for it alone is none.
    """
    match who.type:
        case ActorType.MEMBER if who.id == OWNER_ID and is_embedded:
            return Standing(who, _EVERYTHING)
        case ActorType.MEMBER if who.id is not None:
            member = transaction.checked_access.known(who.id)
            if member is None or member.status is MemberStatus.REMOVED:
                raise NotSignedIn(f"{who.label} is no member here, or no longer.")
            if member.status is MemberStatus.SUSPENDED:
                raise NotSignedIn(f"{member.reference.label} is suspended; an administrator can reinstate them.")
            return Standing(member.reference, effective(member.held))
        case ActorType.API_CLIENT if who.id is not None:
            client = transaction.checked_clients.find(who.id)
            if client is None or not client.status(now, transaction.policy_in_force.zone).is_live:
                raise NotSignedIn(f"{who.label} is no API client that works here.")
            words = set(client.details.scopes)
            return Standing(client.reference, effective(one for one in Permission if one in words))
        case ActorType.SYSTEM:
            return Standing(who, frozenset())
        case _:
            raise NotSignedIn(f"{who.label} is nobody who may do anything here.")

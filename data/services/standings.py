"""How somebody stands who is not at the console now: whether what they began may still be done in their name."""

from data.access.model import OWNER_ID, Access, Standing
from data.permissions import Permission, effective
from data.records import ActorType, Reference

_EVERYTHING = frozenset(Permission)


def standing_of(who: Reference, access: Access, *, is_embedded: bool) -> Standing | None:
    """What they may do now; None for one who may not come in. The system holds everything."""
    if who.type == ActorType.SYSTEM or (is_embedded and who.type == ActorType.MEMBER and who.id == OWNER_ID):
        return Standing(who, _EVERYTHING)
    member = access.members.get(who.id or "") if who.type == ActorType.MEMBER else None
    if member is None or not member.is_active:
        return None
    return Standing(member.reference, effective(access.permissions_of(member.id)))

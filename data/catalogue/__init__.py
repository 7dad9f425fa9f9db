"""The event types: what each is called, where it is shown, and which of its fields are facts.

A duplicate fails at import; an unknown tag still renders, under its own name.
"""

from data.catalogue import access, authgear, clients, log, organisation, requests
from data.catalogue.registry import Catalogue, EventType, Family, Tab

CATALOGUE = Catalogue(
    *clients.FAMILIES,
    *requests.FAMILIES,
    *access.FAMILIES,
    *log.FAMILIES,
    *organisation.FAMILIES,
    *authgear.FAMILIES,
)

__all__ = ["CATALOGUE", "Catalogue", "EventType", "Family", "Tab"]

"""Requests that API clients make of the services. They are in a log of their own, the request log."""

from functools import partial

from data.catalogue.registry import EventType, Family, Tab
from data.requests import REFUSED, REFUSED_STRANGERS, SERVED

_request = partial(EventType, tab=Tab.REQUESTS, facts=("status", "count", "refusal", "scope"))

FAMILIES: tuple[Family, ...] = (
    Family(
        "request",
        "Request",
        (
            _request(SERVED, "Request served", "Serve request"),
            _request(REFUSED, "Request refused", "Make request"),
            _request(REFUSED_STRANGERS, "Requests of strangers refused", "Make requests as a stranger"),
        ),
    ),
)

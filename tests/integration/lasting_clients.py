"""Clients for tests that go by the real clock: they are valid today, whenever that is."""

from datetime import UTC, datetime, timedelta

from data.clients.model import ClientDetails


def lasting_details(
    name: str = "Payroll sync", *, scopes: tuple[str, ...] = ("users:read",), networks: tuple[str, ...] = ()
) -> ClientDetails:
    """Details of a client that is valid for three months from today."""
    last_day = (datetime.now(UTC) + timedelta(days=90)).date()
    return ClientDetails(name, last_day, scopes=scopes, networks=networks)

"""A public key in three rows: what it is, its fingerprint, and since when."""

from zoneinfo import ZoneInfo

from data.access.model import SshKey
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import minute_text


def key_rows(key: SshKey, width: int, zone: ZoneInfo) -> tuple[Row, ...]:
    """Type, length and comment; the fingerprint as OpenSSH shows it; when it was registered; a blank row."""
    first = Line(width).at(2).add(key.comment or key.kind, Role.TITLE, bold=True)
    first.add(f"  {key.kind}, {key.bits} bits", Role.MUTED)
    return (
        first.row(),
        Line(width).at(2).add(key.fingerprint, Role.TEXT).row(),
        Line(width).at(2).add(f"registered {minute_text(key.registered_at, zone)}", Role.FAINT).row(),
        (),
    )

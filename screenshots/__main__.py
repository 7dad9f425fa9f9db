"""`python -m screenshots`: runs the console on the demo, at a fixed moment, and saves what it shows as SVG."""

import asyncio
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from data.demo import make_demo
from data.exchange.event_json import event_to_json
from data.query import parse_query
from data.services.audit_log import AuditLog
from tui.app import AuditdeckApp

_NOW = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)
_ZONE = ZoneInfo("UTC")
_HERE = Path(__file__).parent
_MONOSPACE = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

# Name, size, theme, query, keys.
_PICTURES = (
    ("audit-log-dark", (120, 40), "dark", "", ("j", "j", "j")),
    ("audit-log-light", (120, 40), "light", "type:api_client.* -actor:system", ()),
    ("open-card", (120, 40), "dark", "type:api_client.updated has:changes", ("enter",)),
    ("narrow", (80, 24), "dark", "outcome:denied,failure", ("j",)),
    ("filters-drawer", (80, 24), "dark", "", ("f", "o", "j")),
    ("api-clients", (120, 40), "dark", "", ("2",)),
    ("requests-by-client", (120, 40), "dark", "", ("4", "full_stop")),
    ("access", (120, 40), "dark", "", ("3", "j", "enter")),
    ("why-member", (120, 40), "dark", "", ("3", "j", "w")),
    ("why", (120, 40), "dark", 'client:"Payroll sync" last:all', ("w",)),
)


def _filled(folder: str) -> str:
    address = str(Path(folder) / "demo.db")
    make_demo(address, _NOW)
    return address


async def _take(address: str, name: str, size: tuple[int, int], theme: str, query: str, keys: tuple[str, ...]) -> None:
    app = AuditdeckApp(
        lambda: AuditLog(address, _ZONE, clock=lambda: _NOW),
        parse_query(query),
        database="demo",
        zone=_ZONE,
        as_json=event_to_json,
        theme=theme,
        clock=lambda: _NOW,
    )
    async with app.run_test(size=size) as pilot:
        await app.settle()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await app.settle()
            await pilot.pause()
        svg = app.export_screenshot(title="auditdeck")
    # The picture names no font on another host, and no number made anew each time.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", _MONOSPACE)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    (_HERE / f"{name}.svg").write_text(re.sub(r"[ \t]+\n", "\n", svg), encoding="utf-8")
    print(f"{name}.svg")


def main() -> None:
    """Make every picture anew."""
    # Whoever makes the pictures is nobody in them.
    with tempfile.TemporaryDirectory() as folder, patch("data.store.read_transaction.person_at", lambda _: "alice"):
        address = _filled(folder)
        for name, size, theme, query, keys in _PICTURES:
            asyncio.run(_take(address, name, size, theme, query, keys))


if __name__ == "__main__":
    main()

"""A system that stands in a way that is worth looking at: a shared database whose keeper has been silent for days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from data.access.model import Standing
from data.clock import to_microseconds
from data.health import DatabaseCondition, LogCondition, SystemState
from data.holds import Hold
from data.keeping import Upkeep
from data.permissions import Permission
from data.policy import DEFAULT_POLICY
from data.proof_state import ProofState
from data.records import Log, Reference
from data.retention import Removal, RetentionRules, RetentionRun, RetentionState
from data.setting_in_force import SettingInForce

NOW = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)
MEMBER = Reference("member", "m-42", "Alice Moss")
HOLD = Hold(
    UUID("5b0c7f0e-7f2b-4c55-9f0c-2f3a6b1e9a44"),
    "client:c-Ab3dE5gH after:2025-10-01t00:00z",
    "the dispute about the invoices of 2025",
    NOW - timedelta(days=40),
    Reference("member", "m-7", "Bo Lind"),
)
_EDGE = datetime(2024, 11, 20, tzinfo=UTC)
_RULES = RetentionRules(to_microseconds(_EDGE), (HOLD,))
RETENTION = RetentionState(
    _RULES,
    1,
    RetentionRun(
        NOW - timedelta(hours=14),
        _RULES.digest,
        _RULES.kept_since,
        {Log.CHANGES: Removal(1_204, {HOLD.id: 12}, 3), Log.REQUESTS: Removal()},
        done=frozenset(Log),
    ),
    None,
    datetime(2026, 11, 21, tzinfo=UTC),
    {Log.CHANGES: 1_180, Log.REQUESTS: 0},
)
SHARED = SystemState(
    NOW,
    DatabaseCondition(
        "PostgreSQL",
        "18.4",
        "postgresql+psycopg://alice@db.example.org/audit",
        "0005",
        is_embedded=False,
        size_bytes=12_345_678_901,
        free_bytes=None,
        events=LogCondition(1_204_511, NOW - timedelta(days=391)),
        requests=LogCondition(0, None),
        connections=12,
        most_connections=100,
    ),
    replace(
        DEFAULT_POLICY,
        overlap_days=14,
        scopes=("orders:read", "orders:write", "payments:read", "users:read"),
        trusted_networks=("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"),
    ),
    Standing(MEMBER, frozenset({Permission.AUDIT_READ, Permission.SETTINGS_WRITE})),
    ProofState(NOW, 1_204_511, bytes(range(32)), NOW - timedelta(seconds=2), 3, NOW - timedelta(seconds=1)),
    "s-Ab3dE5gH",
    Upkeep(NOW - timedelta(days=3, hours=2), {"expired": 0}, None, 12),
    Upkeep(NOW - timedelta(days=5), {"expired": 2, "swept": 3}, None, 40),
    RETENTION,
)
EMBEDDED = replace(
    SHARED,
    database=replace(
        SHARED.database,
        engine="SQLite",
        version="3.45.1",
        address="/home/alice/.local/share/auditdeck/auditdeck.db",
        is_embedded=True,
        free_bytes=81_200_000_000,
        connections=None,
        most_connections=None,
    ),
    session_id=None,
    last_run=replace(SHARED.last_run, ran_at=NOW - timedelta(seconds=40)) if SHARED.last_run else None,
)
SETTINGS = (
    SettingInForce("database", SHARED.database.address, "environment AUDITDECK_DATABASE", "Where the log is."),
    SettingInForce("zone", "Europe/Berlin", "flag --zone", "The time zone in which times are shown."),
    SettingInForce("theme", "light", "file", "The console's colours."),
    SettingInForce("log_file", "/home/alice/.local/state/auditdeck/auditdeck.log", "default", "The operational log."),
)

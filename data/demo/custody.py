"""What is done to the log itself, to the policy and to views, each act with its event."""

from base64 import b64encode
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from data.access.errors import NotPermitted
from data.clock import to_microseconds
from data.demo.cast import Cast, View
from data.demo.journal import KEEPER, Journal, Origin
from data.query import parse_query
from data.records import Json
from data.services.audit_log import AuditLog
from data.services.exports import CHANGE_LOG

_BEFORE_THE_DEMO = 184_203
_ERASED_DAYS_AGO = 150
_LEAF_BYTES = 412
_EVERYTHING = parse_query("last:all")


class Custody:
    """Keeping the log. Its size counts what was there before the demo, too."""

    def __init__(self, log: AuditLog, cast: Cast, journal: Journal) -> None:
        self._log = log
        self._cast = cast
        self._journal = journal

    @property
    def size(self) -> int:
        """How many events the log holds."""
        return _BEFORE_THE_DEMO + self._log.count(_EVERYTHING) + len(self._journal.drafts)

    def verify(self, by: Origin, because: str | None = None) -> None:
        """The whole log is checked; `because` tells what did not agree."""
        tag = "log.verification_failed" if because else "log.verified"
        data: dict[str, Json] = {"size": self.size, "root": self._journal.digest()}
        self._journal.write(tag, by, CHANGE_LOG, failure=because, data=data, duration_ms=self.size // 47)

    def mismatch(self, because: str) -> None:
        """The keeper finds that the log does not lead to an earlier checkpoint."""
        data: dict[str, Json] = {"size": self.size, "root": self._journal.digest()}
        self._journal.write("log.checkpoint_mismatch", KEEPER, CHANGE_LOG, failure=because, data=data)

    def replace_key(self) -> None:
        """The log is sealed with another key from now on."""
        # Made without chance, which would have all that comes after happen otherwise.
        made = sha256(b"another key").digest()
        key = f"auditdeck/demo+{made[:4].hex()}+{b64encode(bytes([1]) + made).decode()}"
        self._journal.write("log.key_replaced", KEEPER, CHANGE_LOG, data={"key": key})

    def export(self, by: Origin, query: str, form: str, count: int, because: str | None = None) -> None:
        """So many events leave as `form`; size is in bytes."""
        data: dict[str, Json] = {"format": form, "count": count, "size": count * _LEAF_BYTES, "query": query}
        refusal = by.refusal("audit:read")
        self._journal.write("log.exported", by, CHANGE_LOG, refusal=refusal, failure=because, data=data)

    def retire(self, live_days: int, count: int) -> None:
        """The keeper removes what is older than the policy keeps."""
        cutoff = self._journal.today - timedelta(days=live_days)
        data: dict[str, Json] = {
            "cutoff": cutoff.isoformat(),
            "count": count,
            "removed_digest": self._journal.digest(),
        }
        self._journal.write("log.retired", KEEPER, CHANGE_LOG, data=data, duration_ms=count * 3)

    def hold(self, act: str, by: Origin, reason: str) -> None:
        """A hold is `placed` or `lifted`."""
        cutoff = self._journal.today - timedelta(days=30)
        data: dict[str, Json] = {"cutoff": cutoff.isoformat()}
        self._journal.write(
            f"log.hold_{act}", by, CHANGE_LOG, refusal=by.refusal("settings:write"), reason=reason, data=data
        )

    def erase(self, by: Origin, reason: str) -> None:
        """One event, from before the demo, loses its content."""
        refusal = by.refusal("audit:write")
        erased = to_microseconds(self._journal.now - timedelta(days=_ERASED_DAYS_AGO))
        # A UUIDv7 as the log gives them: 48 bits of milliseconds, then microseconds, then the rest.
        number = (
            (erased // 1000) << 80 | 7 << 76 | (erased % 1000) << 64 | 2 << 62 | int(self._journal.digest()[:15], 16)
        )
        data: dict[str, Json] = {
            "count": 1,
            "event": str(UUID(int=number)),
            "removed_digest": self._journal.digest(),
        }
        self._journal.write("log.event_erased", by, CHANGE_LOG, refusal=refusal, reason=reason, data=data)

    def change_rule(self, by: Origin, key: str, text: str) -> None:
        """One of the organisation's rules is what the text says from now on."""
        with suppress(NotPermitted):
            self._cast.policy = self._log.policy.change(self._journal.caller(by, "policy.updated"), key, text)

    def view(self, act: str, by: Origin, view: View, **extra: Json) -> None:
        """A view is `saved`, `shared` or `deleted`."""
        self._journal.write(f"view.{act}", by, view.reference, data={"query": view.query, **extra})

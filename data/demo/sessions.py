"""Who is signed in: sessions of members, and sign-ins that are refused.

Those of consoles are begun and ended by the services, as the consoles do it; the portal has its own, which it tells of.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from random import Random

from data.access.errors import NotSignedIn
from data.access.model import SessionEnd
from data.demo.agenda import Agenda
from data.demo.cast import Cast, Member
from data.demo.journal import Journal, Origin
from data.services import sessions as services
from data.services.audit_log import AuditLog
from data.services.gate import Gate
from data.services.identity import KeyHolder
from data.tokens import BASE62

PROGRAM_VERSION = "0.9.4"
_LOST = 0.03
_LOST_BECAUSE = "The connection was lost."
_TERMINALS = ("xterm-256color", "tmux-256color", "screen-256color", "xterm-kitty", "alacritty")
_BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One member at one service, from one address with one program. A `console` has its session from the services."""

    id: str
    member: Member
    service: str
    ip: str
    user_agent: str | None = None
    console: services.Sessions | None = None

    @property
    def origin(self) -> Origin:
        """What this member may do from here, now."""
        member = self.member
        verb = "hold" if member.pronoun == "they" else "holds"
        roles = member.roles
        named = f" (role{'s' if len(roles) > 1 else ''} {', '.join(roles)})" if roles else ""
        return Origin(
            member.reference,
            self.service,
            self.ip,
            self.user_agent,
            self.id,
            grants=member.permissions,
            holder=f"{member.pronoun} {verb}",
            because_of=named,
        )


class Sessions:
    """The open sessions. `rng` decides from where somebody comes, and for how long."""

    def __init__(self, log: AuditLog, cast: Cast, agenda: Agenda, journal: Journal, rng: Random) -> None:
        self._log = log
        self._cast = cast
        self._agenda = agenda
        self._journal = journal
        self._rng = rng
        self._open: dict[tuple[str, str], Session] = {}

    def open_at(self, service: str) -> list[Session]:
        """The open sessions of one service, the oldest first."""
        return [session for session in self._open.values() if session.service == service]

    def seat(self, handle: str, service: str = "console", hours: float | None = None) -> Origin:
        """From where this member acts now.

        Whoever is not signed in does that first, a little while before the act, and stays for `hours`: about one if None.
        """
        member = self._cast.members[handle]
        session = self._open.get((member.id, service))
        if session is None:
            session = self._sign_in(member, service)
            stay = timedelta(hours=hours or self._rng.uniform(0.5, 1.5))
            how = SessionEnd.LOST if self._rng.random() < _LOST else SessionEnd.SIGNED_OUT
            self._agenda.after(stay, partial(self._leave, session, how))
            self._journal.pause(self._rng.uniform(15, 75))
        return session.origin

    def beat(self) -> None:
        """The consoles at which somebody sits are still there."""
        for session in self.open_at("console"):
            if session.console is not None:
                self._journal.step()
                session.console.beat()

    def try_in(self, fingerprint: str, address: str) -> None:
        """Somebody comes with a key that lets nobody in, or nobody any more."""
        self._journal.step()
        with suppress(NotSignedIn):
            self._console(fingerprint, address, Random(fingerprint)).begin(_TERMINALS[0], PROGRAM_VERSION)

    def end(self, by: Origin, member: Member, reason: str) -> None:
        """The services have ended all sessions of a member: so does the portal."""
        for session in [session for session in self._open.values() if session.member is member]:
            del self._open[member.id, session.service]
            if session.console is None:
                ended = replace(by, session_id=session.id)
                self._journal.write("session.ended", ended, member.reference, reason=reason)

    def _sign_in(self, member: Member, service: str) -> Session:
        terminal = None if service == "portal" else self._rng.choice(_TERMINALS)
        browser = self._rng.choice(_BROWSERS) if terminal is None else None
        first, *others = member.addresses
        address = self._rng.choice(others) if others and self._rng.random() < 0.2 else first
        drawn = "".join(self._rng.choices(BASE62, k=10))
        if terminal is None:
            session = Session(f"s-{drawn}", member, service, address, browser)
            self._journal.write("session.signed_in", session.origin, member.reference)
        else:
            console = self._console(member.key_held.fingerprint, address, Random(drawn))
            self._journal.step()
            begun = console.begin(terminal, PROGRAM_VERSION)
            assert begun is not None, "only the owner of the file has no session, who is not one of the cast"
            session = Session(begun.id, member, service, address, console=console)
        self._open[member.id, service] = session
        return session

    def _console(self, fingerprint: str, address: str, rng: Random) -> services.Sessions:
        """A console that somebody has opened with a key. It has the database in common with all others."""
        gate = Gate(self._log.gate.database, self._log.open, self._log.gate.clock, KeyHolder(fingerprint, address))
        return services.Sessions(gate, rng.randbytes)

    def _leave(self, session: Session, how: SessionEnd) -> None:
        """Somebody leaves, unless somebody else has ended the session before."""
        key = session.member.id, session.service
        if self._open.get(key) is not session:
            return
        del self._open[key]
        reason = _LOST_BECAUSE if how is SessionEnd.LOST else None
        if session.console is not None:
            self._journal.step()
            session.console.leave(how, reason)
        else:
            tag = "session.lost" if how is SessionEnd.LOST else "session.signed_out"
            self._journal.write(tag, session.origin, session.member.reference, reason=reason)

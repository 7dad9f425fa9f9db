"""Who is signed in: sessions of members, and sign-ins that are refused."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random

from data.access.model import SessionEnd
from data.demo.agenda import Agenda
from data.demo.cast import Cast, Member
from data.demo.journal import Journal, Origin
from data.demo.register import Register
from data.records import ANONYMOUS, Json, Reference
from data.tokens import BASE62

PROGRAM_VERSION = "0.9.4"
_LOST = 0.03
_TERMINALS = ("xterm-256color", "tmux-256color", "screen-256color", "xterm-kitty", "alacritty")
_BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One member at one service, from one address with one program."""

    id: str
    member: Member
    service: str
    ip: str
    user_agent: str
    terminal: str | None

    @property
    def reference(self) -> Reference:
        return Reference("session", self.id)

    @property
    def origin(self) -> Origin:
        """What this member may do from here, now."""
        member = self.member
        verb = "hold" if member.pronoun == "they" else "holds"
        roles = member.all_roles
        named = f" (role{'s' if len(roles) > 1 else ''} {', '.join(role.name for role in roles)})" if roles else ""
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

    @property
    def facts(self) -> dict[str, Json]:
        return {"program_version": PROGRAM_VERSION, "terminal": self.terminal} if self.terminal else {}


class Sessions:
    """The open sessions. `rng` decides from where somebody comes, and for how long."""

    def __init__(self, cast: Cast, agenda: Agenda, journal: Journal, rng: Random, register: Register) -> None:
        self._cast = cast
        self._agenda = agenda
        self._journal = journal
        self._rng = rng
        self._register = register
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
            step = self._lose if self._rng.random() < _LOST else self._sign_out
            self._agenda.after(stay, partial(step, session))
            self._journal.pause(self._rng.uniform(15, 75))
        return session.origin

    def _sign_in(self, member: Member, service: str) -> Session:
        terminal = None if service == "portal" else self._rng.choice(_TERMINALS)
        agent = self._rng.choice(_BROWSERS) if terminal is None else f"auditdeck/{PROGRAM_VERSION} ({terminal})"
        first, *others = member.addresses
        address = self._rng.choice(others) if others and self._rng.random() < 0.2 else first
        session_id = "s-" + "".join(self._rng.choices(BASE62, k=10))
        session = Session(session_id, member, service, address, agent, terminal)
        self._open[member.id, service] = session
        self._register.begin(session_id, member.reference, self._journal.now, address, terminal)
        self._journal.write("session.signed_in", session.origin, session.reference, data=session.facts)
        return session

    def _sign_out(self, session: Session) -> None:
        if self._close(session, SessionEnd.SIGNED_OUT):
            self._journal.write("session.signed_out", session.origin, session.reference, data=session.facts)

    def _lose(self, session: Session) -> None:
        if self._close(session, SessionEnd.LOST):
            reason = "no sign of life for 10 minutes"
            self._journal.write("session.lost", session.origin, session.reference, reason=reason, data=session.facts)

    def _close(self, session: Session, how: SessionEnd) -> bool:
        """Whether it was still open: somebody else may have ended it."""
        key = session.member.id, session.service
        if self._open.get(key) is not session:
            return False
        del self._open[key]
        self._register.end(session.id, self._journal.now, how)
        return True

    def end(self, by: Origin, member: Member, reason: str) -> None:
        """Somebody else ends all sessions of a member."""
        for session in [session for session in self._open.values() if session.member is member]:
            del self._open[member.id, session.service]
            self._register.end(session.id, self._journal.now, SessionEnd.ENDED, by.actor.label)
            data: dict[str, Json] = {**session.facts, "member": member.name, "member_id": member.id}
            self._journal.write("session.ended", by, session.reference, reason=reason, data=data)

    def refuse(self, address: str, reason: str, *, member: Member | None = None, login: str = "console") -> None:
        """A sign-in is refused; `member` is whom a known key belongs to."""
        actor = member.reference if member else ANONYMOUS
        by = Origin(actor, "console", address, "OpenSSH_9.6", guard="console")
        self._journal.write("session.refused", by, Reference("session", name=login), refusal=reason)

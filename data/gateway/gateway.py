"""What both doors go through: one database, whose tokens it asks about, and the recorder that writes to it."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from data.clock import Clock, system_clock
from data.errors import AuditdeckError
from data.gateway.addresses import Networks, client_address
from data.gateway.authentication import Admission, Authenticator, Refusal
from data.gateway.credentials import presented_token
from data.gateway.policy_memory import PolicyMemory
from data.gateway.recorder import Recorder, TokenUse
from data.oplog import LOGGER_NAME
from data.policy import Policy
from data.records import Draft
from data.refusals import RefusalCode
from data.requests import Request
from data.services.acts import APPEND_REQUESTS, READ_POLICY
from data.services.gate import Gate
from data.services.identity import Process
from data.store import Database

THREADS = 8
"""So many tokens are asked about at a time; a database has connections for as many."""

_log = logging.getLogger(LOGGER_NAME)


@dataclass(frozen=True, slots=True)
class Question:
    """A request, as far as it matters whether it may be served.

    `headers` are the pairs that ASGI gives, names in lower case. `peer` is the address at the other end of the
    connection, None for a Unix socket. `scope` is what the action needs, None or nothing for no more than a token.
    """

    headers: Sequence[tuple[bytes, bytes]] = field(repr=False)
    """With the token, whole."""
    peer: str | None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who asks and from where, or why not."""

    address: str | None
    found: Admission | Refusal


class Gateway:
    """Authenticates tokens against one database, and records requests in it. Safe to use from any thread.

    Nothing connects before the first question. `stop` writes what is left; a gateway that was stopped can be used again.
    Nobody asks it for anything but who they are: whatever it reads and writes, it does as the program itself (`Process`),
    which may read the rules and append requests.
    """

    def __init__(
        self, address: str, *, durable: bool = False, clock: Clock = system_clock, as_owner: bool = True
    ) -> None:
        """`address` is a file's path or a database URL. With `durable`, requests are committed before they are answered.

        Without `as_owner`, `open` refuses a shared database to a login that owns it, or is a superuser. Raises
        DatabaseError for an address that cannot be understood.
        """
        self.clock = clock
        self._database = Database(address, clock=clock)
        self._gate = Gate(self._database, self.open, clock, Process())
        self._opening = Lock()
        self._opened = False
        self._as_owner = as_owner
        self._policy = PolicyMemory(self._read_policy)
        self._authenticator = Authenticator(self._database, self.open, clock, self._policy)
        self._recorder = Recorder(self._write, clock, durable=durable)
        self._threads: ThreadPoolExecutor | None = None

    @property
    def is_durable(self) -> bool:
        """Whether a request is committed before it is answered."""
        return self._recorder.durable

    def open(self) -> None:
        """Connect and make sure of the schema; once is enough. An embedded database that is not there is refused."""
        if not self._opened:
            with self._opening:
                if not self._opened:
                    self._database.open(create=False, as_owner=self._as_owner)
                    self._opened = True

    def start(self) -> None:
        """Be ready to record; the first request does it too."""
        self._recorder.start()

    def stop(self) -> int:
        """Record what was handed over, and let go of the database; how many requests were lost, because it is away."""
        lost = self._recorder.stop()
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
        self._database.close()
        return lost

    def authenticate(self, token_text: str, scope: str | None, address: str | None) -> Admission | Refusal:
        """The client whose token this is, if it may do what needs `scope` from `address`; see `Authenticator`."""
        found = self._authenticator.authenticate(token_text, scope, address)
        if isinstance(found, Admission):
            self._recorder.note_use(found.public_id, self.clock(), address)
        return found

    def ask(self, question: Question) -> Answer:
        """Whether a request may be served. Raises DatabaseUnavailable and the other errors of `data.errors`."""
        address = client_address(question.peer, _forwarded_for(question.headers), self._trusted())
        token = presented_token(question.headers)
        if isinstance(token, RefusalCode):
            return Answer(address, Refusal.plain(token))
        return Answer(address, self.authenticate(token, question.scope, address))

    def record(self, request: Request) -> None:
        """Hand a request over to be recorded; returns when it is committed if the gateway is durable.

        Raises DatabaseError if it cannot be; it is tried again all the same.
        """
        done = self._recorder.record(request)
        if done is not None:
            done.result()

    async def ask_soon(self, question: Question) -> Answer:
        """`ask`, in a thread of the gateway: nothing else waits for the database."""
        return await asyncio.get_running_loop().run_in_executor(self._executor(), self.ask, question)

    async def record_soon(self, request: Request) -> None:
        """`record`, while nothing else waits."""
        done: Future[None] | None = self._recorder.record(request)
        if done is not None:
            await asyncio.wrap_future(done)

    async def stop_soon(self) -> int:
        """`stop`, while nothing else waits."""
        return await asyncio.get_running_loop().run_in_executor(None, self.stop)

    def _executor(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, "auditdeck-gateway")
        return self._threads

    def _trusted(self) -> Networks:
        return Networks.of(self._policy.get().trusted_networks)

    def _read_policy(self) -> Policy:
        with self._gate.reading(READ_POLICY) as transaction:
            return transaction.policy_in_force

    def _write(self, drafts: Sequence[Draft], uses: Sequence[TokenUse]) -> None:
        with self._gate.writing(None, APPEND_REQUESTS) as work:
            work.requests.append_new(drafts)
            work.token_uses.note(uses)
            work.commit()


async def recorded(gateway: Gateway, request: Request) -> bool:
    """Record a request; False if a durable gateway could not commit it, so that it must not be answered as if it had."""
    with suppress(AuditdeckError):
        await gateway.record_soon(request)
        return True
    return False


def _forwarded_for(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]

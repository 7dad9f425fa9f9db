"""The audit log: opened once, asked by every screen and command."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from data.access.model import Standing
from data.caller import CONSOLE, Caller
from data.clock import Clock, system_clock
from data.index.reader import IndexedReaders
from data.keeping import Unwritable
from data.mail.model import Mailer
from data.proof.places import SealingPlaces
from data.records import Log
from data.services.access_explaining import AccessExplaining
from data.services.access_queries import AccessQueries
from data.services.api_calls import ApiCalls
from data.services.api_clients import ApiClients
from data.services.arrivals import Arrivals
from data.services.erasing import Erasing
from data.services.event_log import EventLog
from data.services.exports import Exports
from data.services.finding import Finder
from data.services.gate import Gate
from data.services.groups import Groups
from data.services.health import Health
from data.services.holds import Holds
from data.services.identity import Identity, Local
from data.services.invitations import Invitations
from data.services.keeper import Keeper
from data.services.members import Members
from data.services.policies import Policies
from data.services.proofs import Proofs
from data.services.readings import Readings
from data.services.request_statistics import RequestStatistics
from data.services.retention import Retention
from data.services.roles import Roles
from data.services.sessions import Sessions
from data.services.ssh_keys import SshKeys
from data.services.tokens import Tokens
from data.services.views import Views
from data.services.visits import Visits
from data.services.why import Why
from data.store import Database
from data.tokens import Entropy


class AuditLog(EventLog):
    """One database: its change log, and beside it the request log and the views over both.

    Nothing connects before the first call. Every method of every service asks the gate, and may raise NotPermitted,
    DatabaseUnavailable and the other errors of `data.errors`; those that take a `stop` raise Cancelled once it is
    requested.
    """

    def __init__(
        self,
        address: str,
        zone: ZoneInfo,
        *,
        clock: Clock = system_clock,
        create: bool = True,
        entropy: Entropy = secrets.token_bytes,
        durable: bool = True,
        identity: Identity | None = None,
        mailer: Mailer | None = None,
        join_command: str | None = None,
        state_folder: Path | None = None,
        sealing: SealingPlaces | None = None,
        as_owner: bool = True,
    ) -> None:
        """`address` is a file's path or a database URL. Raises DatabaseError for one that cannot be understood.

        Without `create`, an embedded database that is not there is refused at the first call, and not made. `entropy`
        is what tokens and ids are made of; for `durable` see `Database`. `identity` is how it is known who asks: without
        one, whoever runs the program. `mailer` sends invitations, and they tell to type `join_command`; without one,
        whoever invites passes the text on. In `state_folder` readings wait that the log cannot take yet. `sealing`
        says where the keeper finds its key, and where checkpoints go. Without `as_owner`, a shared database is refused at
        the first call to a login that owns it, or is a superuser.
        """
        database = Database(address, clock=clock, entropy=entropy, durable=durable, readers=IndexedReaders())
        self.gate = Gate(database, self.open, clock, identity or Local())
        """Who asks, and what they may do."""
        super().__init__(self.gate, zone, Log.CHANGES)
        self._database = database
        self.access = AccessQueries(self.gate)
        """Who may do what."""
        self.access_explaining = AccessExplaining(self.gate, zone)
        """Why a member may do something, or why not."""
        self.roles = Roles(self.gate, entropy)
        """Permissions under names."""
        self.groups = Groups(self.gate, entropy)
        """Members who hold the same roles."""
        self.members = Members(self.gate, entropy)
        """The people who may come in."""
        self.sessions = Sessions(self.gate, entropy)
        """Who is here."""
        self.api_calls = ApiCalls(self.gate)
        """What an API client asks of this process."""
        self.keys = SshKeys(self.gate)
        """The public keys with which members come in over ssh."""
        self.exports = Exports(self.gate, zone, state_folder)
        """What is taken away from this log."""
        self.erasing = Erasing(self.gate)
        """Erasing single events of it."""
        self.invitations = Invitations(self.gate, entropy, mailer=mailer, join_command=join_command)
        """By which people become members."""
        self.visits = Visits(self.gate)
        """Those who come over ssh for one command."""
        self._create = create
        self._as_owner = as_owner
        self._opened = False
        self.requests = EventLog(self.gate, zone, Log.REQUESTS)
        """The log of what API clients asked of the services."""
        self.request_statistics = RequestStatistics(self.gate, zone)
        """What the request log sums up to."""
        self.arrivals = Arrivals(self.gate)
        """What arrives in both of them."""
        self.views = Views(self.gate, zone)
        """The queries that are kept under names over this log."""
        self.why = Why(self.gate, zone)
        """Why an integration stopped working."""
        self.finder = Finder(self.gate, zone)
        """What a pasted text is."""
        self.clients = ApiClients(self.gate, entropy)
        """The API clients that the same database holds."""
        self.tokens = Tokens(self.gate)
        """Their tokens, to be looked at."""
        self.policy = Policies(self.gate)
        """The organisation's rules."""
        self.holds = Holds(self.gate, zone)
        """What is neither erased nor removed."""
        self.retention = Retention(self.gate)
        """What is removed because of its age."""
        self.readings = Readings(self.gate, zone, state_folder)
        """What is read of it, recorded."""
        self.proofs = Proofs(self.gate, state_folder)
        """Whether it is sealed, and continues what was seen before."""
        self.health = Health(self.gate, self.proofs)
        """How the whole stands."""
        self.keeper = Keeper(self.gate, self.clients, self.sessions, self.invitations, self.retention, sealing)
        """What is to be done from time to time."""

    def open(self) -> None:
        """Connect, and bring an embedded database up to date; once is enough, more does nothing."""
        if not self._opened:
            self._database.open(create=self._create, as_owner=self._as_owner)
            self._opened = True

    def close(self) -> None:
        self._database.close()

    def refuse_as_input(self, inputs: Iterable[str]) -> None:
        """Raise UnreadableInput for a path that is a file of the embedded database itself; to be called once it is open."""
        self._database.refuse_as_input(inputs)

    def refuse_as_output(self, place: Path) -> None:
        """Raise DatabaseError for a path that is the embedded database itself: what is exported must not take its place."""
        self._database.refuse_as_output(place)

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a file of this person's own, and not a server that others share."""
        return self._database.location.is_embedded

    @property
    def unwritable(self) -> Unwritable | None:
        """Since when nothing that this process does can be written, and why; None where nothing is known to be wrong."""
        return self._database.unwritable

    def caller(self, service: str = CONSOLE) -> Caller:
        """Whom the process works for, as the one who asks for what is done through a service. Raises NotSignedIn."""
        return self.gate.caller(service)

    def standing(self) -> Standing:
        """Who that is, and what they may do at this moment. Raises NotSignedIn."""
        return self.gate.standing()

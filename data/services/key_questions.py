"""What sshd asks of a database before anybody has come in, and nothing else: anybody on the network can have it ask."""

from data.access.ssh_keys import PublicKey
from data.clock import system_clock
from data.errors import DatabaseError
from data.services.gate import Gate
from data.services.identity import Process
from data.services.ssh_keys import KeyStanding, SshKeys
from data.store import Database


def standing_of_key(address: str, key: PublicKey) -> KeyStanding:
    """What this key opens at the shared database of this address.

    As `AuditLog(...).keys.standing_of(...)`, without loading all the other services. Raises DatabaseError, also for a file:
    that has one owner, and nobody else comes to it.
    """
    database = Database(address)
    try:
        if database.location.is_embedded:
            raise DatabaseError("Nobody comes over ssh to a file of one owner: that needs a shared database.")
        gate = Gate(database, lambda: database.open(create=False), system_clock, Process())
        return SshKeys(gate).standing_of(key)
    finally:
        database.close()

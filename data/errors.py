"""What can go wrong, in words that can be shown to the person at the console."""


class AuditdeckError(Exception):
    """Something that can be told in one plain sentence; `str()` of it is that sentence."""


class SettingsError(AuditdeckError):
    """A setting is unknown, unreadable or has a value that it cannot have."""


class QueryError(AuditdeckError):
    """A query's text does not parse.

    `position` and `end` are offsets in characters into `text`: the place that is wrong.
    `hint` says what would be right there, and may be empty.
    """

    def __init__(self, problem: str, text: str, position: int, end: int | None = None, hint: str = "") -> None:
        self.problem = problem
        self.text = text
        self.position = position
        self.end = position + 1 if end is None else end
        self.hint = hint
        super().__init__(f"{problem} (at character {position + 1}){': ' + hint if hint else ''}")


class DatabaseError(AuditdeckError):
    """The database answered, and the answer is a refusal."""


class DatabaseUnavailable(DatabaseError):
    """No answer from the database: never reached, or lost on the way. Trying again may help."""


class DiskFull(DatabaseError):
    """Nothing can be written for now: the disk has no room left, or does not take it. What is there can be read."""


class SchemaTooNew(DatabaseError):
    """The database was written by a newer program than this one."""


class SchemaTooOld(DatabaseError):
    """A shared database is older than the program, and only `auditdeck db upgrade` may change it."""


class OpenedAsOwner(DatabaseError):
    """A shared database was opened by a login that no grant binds: its tables' owner, or a superuser."""


class Cancelled(AuditdeckError):
    """A question was called off before its answer was complete."""


class EventConflict(AuditdeckError):
    """An event with this identity is in the log already, with other content."""


class EventNotFound(AuditdeckError):
    """No event has this id."""


class UnreadableInput(AuditdeckError):
    """A file to import cannot be opened, or nobody knows its format."""


class ProgramFault(AuditdeckError):
    """The program itself is wrong somewhere: nothing that the person did, and nothing that they can mend."""

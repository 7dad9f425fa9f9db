"""What finding anything at once needs: whoever waits for something new in a log is told of it."""

from alembic import op

revision = "0006"
down_revision = "0005"

# Whoever listens is told which log it is, and asks what arrived. The server hands over one notification a transaction,
# however many statements it had, and only once it is committed. On SQLite a file's data version tells as much.
_NOTIFY_OF_ARRIVALS = (
    """CREATE FUNCTION log_arrived() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_catalog.pg_notify('auditdeck_arrivals', TG_TABLE_NAME); RETURN NULL; END $$""",
    """CREATE TRIGGER event_arrived AFTER INSERT ON event
       FOR EACH STATEMENT EXECUTE FUNCTION log_arrived()""",
    """CREATE TRIGGER request_arrived AFTER INSERT ON request
       FOR EACH STATEMENT EXECUTE FUNCTION log_arrived()""",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_arrived",
    "ALTER TABLE request ENABLE ALWAYS TRIGGER request_arrived",
)


def upgrade() -> None:
    _tell_of_arrivals()


def _tell_of_arrivals() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in _NOTIFY_OF_ARRIVALS:
            op.execute(statement)

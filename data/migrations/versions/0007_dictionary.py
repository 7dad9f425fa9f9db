"""What is looked for among types, outcomes, actors, clients or services is not looked for among all targets; and the index
has finer buckets of durations: it is made anew, from what no segment holds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_IS_OF_FEW = sa.text("dimension IN (1, 2, 3, 4, 6)")
_PARTS = ("index_segment", "index_pack", "index_place", "index_tally", "index_damage")


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    # On PostgreSQL what is deleted keeps its room until it is vacuumed, and then does not give it back.
    empty = "TRUNCATE" if is_postgres else "DELETE FROM"
    op.create_index("term_of_few", "term", ["dimension"], sqlite_where=_IS_OF_FEW, postgresql_where=_IS_OF_FEW)
    for table in _PARTS:
        op.execute(f"{empty} {table}")
    for log in ("event", "request"):
        if is_postgres:  # who commits meanwhile would note an event twice
            op.execute(f"LOCK TABLE {log} IN SHARE ROW EXCLUSIVE MODE")
        op.execute(f"{empty} unindexed_{log}")
        op.execute(f"INSERT INTO unindexed_{log} (seq) SELECT seq FROM {log}")

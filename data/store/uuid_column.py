"""The type of the columns that hold UUIDs."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa


class Uuid(sa.types.TypeDecorator[UUID]):
    """A UUID: 16 bytes in SQLite, PostgreSQL's own type there. Both compare in the order of time."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.Uuid())
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: sa.Dialect) -> Any:  # noqa: ANN401
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> UUID | None:  # noqa: ANN401
        return None if value is None else uuid_of(value)


def uuid_of(value: UUID | bytes) -> UUID:
    """A value of such a column as the driver has it, as a UUID."""
    return value if isinstance(value, UUID) else UUID(bytes=value)

"""The schema's history, for Alembic. A released revision is never edited."""

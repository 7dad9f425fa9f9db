"""API clients: what one is, which values it can have, and when it ends. Nothing here asks a database."""

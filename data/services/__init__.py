"""Use cases: what the interface, the command line and later the gateway call."""

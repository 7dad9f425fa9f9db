"""The audit log: the change log in a deck, its views, and the net change of one thing."""

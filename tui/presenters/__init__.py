"""Records in, rows of safe pieces out. No widgets, no database; the look of everything is tested here alone."""

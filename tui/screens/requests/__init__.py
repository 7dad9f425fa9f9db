"""The request log in a deck."""

"""The pictures of the README, made from the running app by `python -m screenshots`."""

"""The interface: the console, and the same questions without a screen."""

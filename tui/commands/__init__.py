"""The subcommands, one a file: each builds its arguments and runs without a screen, but for the console and the demo."""

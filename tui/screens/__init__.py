"""Screens, one a file. They own the state, ask the questions, and never import each other."""

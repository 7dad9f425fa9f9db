"""A mapping for a log that nobody has mapped, proposed from its first records, each choice with the evidence for it.

What is known here is how logs in general speak of time, deeds, people and things; no log is known by its name or its form.
"""

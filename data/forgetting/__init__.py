"""What goes from the log with leave: events that are too old to be kept."""

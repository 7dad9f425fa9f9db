"""What every form has in common; what one is about is told by its plan."""

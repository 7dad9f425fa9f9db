"""Taking the audit log away: what the form shows, and writing it."""

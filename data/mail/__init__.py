"""Mail: a message made, and handed to a mail server. Knows nothing of what it is about."""

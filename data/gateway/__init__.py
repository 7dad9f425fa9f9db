"""For services: whose token it is and whether it may, and the request log that comes of the answers."""

"""What a person may call a thing: names and other text as they are kept, and names that look alike; pure."""

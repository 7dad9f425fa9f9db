"""What the deck is made of and where it stands, in rows. No widgets."""

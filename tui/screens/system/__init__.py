"""How the whole stands, and the rules, which are changed there."""

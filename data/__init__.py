"""Everything that touches the database. Loads without the interface."""

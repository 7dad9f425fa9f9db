"""The API clients screen: the list and what is beside it, the forms, and the one place where a whole token is seen."""

"""Why an integration stopped working: one client's requests, refusals and changes on one line of time."""

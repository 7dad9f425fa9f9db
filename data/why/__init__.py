"""Why an integration stopped working: requests, refusals and changes of a client, and which change is to blame. Pure."""

"""The state of one person's reading of the log: what is asked, what came, where one was. No widgets."""

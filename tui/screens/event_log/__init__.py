"""The screen of a log of events: its layout, what its keys do, a module for each thing that they are about, and what shows a reading."""

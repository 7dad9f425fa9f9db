"""The index: immutable segments of bitmaps over the events, from which filters, counts and histograms are answered.

A segment covers events in the order of their ids, and so of time; an event's place in it is its *position*. For each term
that occurs there it holds the set of positions (`packs`), for each position the row (`places`), and for each dimension
that is counted how often each term occurs (`tallies`). Events that no segment holds yet are in a table of their own, which
a trigger fills in the writer's transaction and the builder empties in the one that makes a segment live: so every reader
sees each event exactly once, whatever commits late and whenever the builder is killed.
"""

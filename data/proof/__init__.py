"""The proof over the change log: the keeper gives each event its place in one Merkle tree, and signs how far it got.

`tables.py` says what is kept of it, `sealer.py` seals, `nodes.py` reads the tree, `keys.py` has the key, `witness.py` what
a console remembers, and holds against what it sees.
"""

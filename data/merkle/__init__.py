"""The Merkle tree of RFC 6962, and checkpoints of it that are signed notes of C2SP: the arithmetic of the proof.

Nothing here knows of a database: `tree.py` has the hashes, `paths.py` what proves that something is in a tree or that a tree
continues another, `notes.py` keys and signatures, `checkpoints.py` what is signed.
"""

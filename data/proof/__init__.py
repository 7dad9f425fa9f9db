"""The proof over the change log: the keeper gives each event its place in one Merkle tree, and signs how far it got.

Kept: `tables.py`, and read by `nodes.py` (the tree) and `log_keys.py` (who the log is, its keys and checkpoints). Sealing:
`sealer.py`, `keys.py` (the key's file), `places.py` and `publishing.py` (where checkpoints go). Watching: `witness.py`, and what
it remembers, `remembered.py`. Verifying: `verifier.py`, by `blocks.py`, `row_checks.py` and `tree_checks.py`, on several cores by
`pool.py`, to `findings.py`; what is gone with leave, by `forgetting.py` (what events tell of it) and `leave.py`. Taking away:
`bundling.py`.
"""

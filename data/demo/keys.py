"""Public keys of the demo's people: well-formed, and nobody's."""

from base64 import b64encode

from data.access.ssh_keys import PublicKey, read_public_key
from data.tokens import Entropy

ORDINARY = "ssh-ed25519"
ON_A_DEVICE = "sk-ssh-ed25519@openssh.com"
_BYTES = 32


def new_key(entropy: Entropy, comment: str = "", kind: str = ORDINARY) -> PublicKey:
    """A key of one of these kinds."""
    fields = [kind.encode(), entropy(_BYTES)]
    if kind == ON_A_DEVICE:
        fields.append(b"ssh:")
    blob = b"".join(len(field).to_bytes(4) + field for field in fields)
    return read_public_key(f"{kind} {b64encode(blob).decode()} {comment}")

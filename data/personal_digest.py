"""What binds an event's personal part to its body, so that it can be forgotten and cannot be replaced."""

from hashlib import sha256

SALT_BYTES = 16
"""Always so many: what is hashed has no other mark where the salt ends and the personal part begins."""

_DOMAIN = b"auditdeck/personal/v1\0"


def personal_digest(salt: bytes, personal: bytes) -> str:
    """SHA256("auditdeck/personal/v1" ‖ 0 ‖ salt ‖ personal), in hexadecimal, as the body holds it."""
    return sha256(_DOMAIN + salt + personal).hexdigest()

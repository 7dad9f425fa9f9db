"""Why a log is not sealed, or its proof cannot be read."""

from data.errors import AuditdeckError


class SealingRefused(AuditdeckError):
    """There is no key to seal this log with, or it is not to be trusted."""


class ProofBroken(AuditdeckError):
    """A part of the stored proof is missing or wrong, so that nothing can be shown with it."""

"""What the console calls a database before anything has connected to it."""

from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit


def short_name(address: str) -> str:
    """The file's stem, or the database's name in a URL; never a user or a password."""
    if "://" not in address:
        return PurePath(address).stem
    try:
        parts = urlsplit(address)
    except ValueError:  # half a pair of brackets; whoever opens it says what is wrong
        return address.partition("://")[0]
    name = PurePath(parts.path).name
    if parts.scheme.startswith("sqlite"):
        return PurePath(parts.path).stem
    if "@" in name:  # of a password with a slash in it
        return parts.scheme
    return name or parts.hostname or parts.scheme


def typed_address(address: str) -> str | None:
    """The address for a command line that is shown or copied: whole, but never with a password. None if it is in doubt."""
    if "://" not in address:
        try:
            return str(Path(address).expanduser().absolute())
        except RuntimeError:  # the home folder of a user who is not known here
            return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.startswith("sqlite"):
        return address
    if (
        address.count("@") > 1 or "@" in address and "@" not in parts.netloc
    ):  # part of a password passes for another part
        return None
    user_info, at, host = parts.netloc.rpartition("@")
    fields = [field for field in parts.query.split("&") if not _is_password(field)]
    query = "?" + "&".join(fields) if any(fields) else ""
    # A fragment is no part of such an address: it can only be the rest of a password.
    return f"{parts.scheme}://{user_info.partition(':')[0]}{at}{host}{parts.path}{query}"


def _is_password(field: str) -> bool:
    return "password" in unquote(field.partition("=")[0]).lower()

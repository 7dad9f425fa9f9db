"""Handing text to the clipboard of the terminal that a person sits at, however far away: OSC 52, and what it is wrapped in.

No terminal answers whether it took the text, so all that can be said is that it was sent.
"""

from base64 import b64encode
from collections.abc import Mapping
from enum import StrEnum

MOST_BYTES = 74_994
"""Of text as UTF-8: base64 makes 99,992 of it, and terminals cut a sequence at 100,000 (hterm's limit, also vim-oscyank's)."""

_SCREEN_CHUNK = 700
"""GNU Screen keeps at most 768 bytes of a string (MAXSTR), and shows the rest as text."""

# The Linux console has no clipboard, and older kernels draw the sequence; Terminal.app and the VT terminals ignore it.
_WITHOUT = frozenset({"linux", "vt100", "vt102", "vt220"})
_PROGRAMS_WITHOUT = frozenset({"Apple_Terminal"})


class Between(StrEnum):
    """What passes on, between this program and the terminal."""

    NOTHING = "nothing"
    TMUX = "tmux"
    SCREEN = "GNU Screen"


def between(environment: Mapping[str, str]) -> Between:
    """Which multiplexer this program runs in; of two, the inner one, by what it calls its own terminal."""
    term = environment.get("TERM", "")
    if term.startswith("tmux"):  # known over ssh too, where TMUX is not
        return Between.TMUX
    if environment.get("STY"):
        return Between.SCREEN
    if environment.get("TMUX"):
        return Between.TMUX
    return Between.SCREEN if term.startswith("screen") else Between.NOTHING


def refusal(text: str, environment: Mapping[str, str]) -> str | None:
    """Why this text cannot be sent from here, as the beginning of a sentence; None where it can."""
    size = len(text.encode())
    if size > MOST_BYTES:
        return f"Too long for a terminal's clipboard, {size:,} bytes of at most {MOST_BYTES:,}"
    passes = between(environment) is Between.NOTHING
    if passes and environment.get("TERM", "") in _WITHOUT:
        return f"This terminal ({environment['TERM']}) has no clipboard"
    if passes and environment.get("TERM_PROGRAM") in _PROGRAMS_WITHOUT:
        return f"This terminal ({environment['TERM_PROGRAM']}) lets no program copy"
    return None


def sequence(text: str, environment: Mapping[str, str]) -> str:
    """What to write to the terminal so that `text`, which is safe, comes into its clipboard."""
    plain = f"\x1b]52;c;{b64encode(text.encode()).decode()}\a"
    match between(environment):
        case Between.NOTHING:
            return plain
        case Between.TMUX:
            # tmux takes the plain sequence with `set-clipboard on`, and passes the wrapped one on with `allow-passthrough
            # on` (before 3.3, always); what it does not take it drops.
            doubled = plain.replace("\x1b", "\x1b\x1b")
            return f"{plain}\x1bPtmux;{doubled}\x1b\\"
        case Between.SCREEN:
            chunks = (plain[at : at + _SCREEN_CHUNK] for at in range(0, len(plain), _SCREEN_CHUNK))
            return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)

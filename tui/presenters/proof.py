"""What is wrong with a log's proof, in a sentence."""

from zoneinfo import ZoneInfo

from data.proof_state import MOST_COUNTED, ProofState
from tui.presenters.values import count_text, minute_text


def proof_trouble(state: ProofState, zone: ZoneInfo) -> str | None:
    """The worst that there is to say; None where nothing is wrong. Times are shown in `zone`."""
    if state.mismatch is not None:
        return f"THE PROOF DOES NOT HOLD. {state.mismatch}"
    if state.trouble is not None:
        return f"The proof could not be looked at. {state.trouble}"
    if state.is_behind and state.unsealed_since is not None:
        waits = "1 event waits" if state.unsealed == 1 else f"{waiting_text(state.unsealed)} events wait"
        return f"Nothing was sealed since {minute_text(state.unsealed_since, zone)}: {waits} for a place in the proof."
    return None


def waiting_text(count: int) -> str:
    """How many events wait to be sealed."""
    return f"{count_text(count)} or more" if count >= MOST_COUNTED else count_text(count)

"""What is wrong with the log's proof, on a row of its own; every log's screen has one."""

from zoneinfo import ZoneInfo

from data.proof_state import ProofState
from tui.presenters.proof import proof_trouble
from tui.widgets.banner import Banner


class ProofBanner(Banner):
    """Not there unless the proof does not hold, or nobody seals."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def show_state(self, state: ProofState) -> None:
        """How the proof stands, as it was seen just now."""
        trouble = proof_trouble(state, self._zone)
        if trouble is None:
            self.clear()
        else:
            self.say(trouble)

"""The state of the connection as the person sees it: what failed, and when it is tried again."""

from dataclasses import dataclass, field

_PAUSES_S = (1, 2, 4, 8, 15)


@dataclass(slots=True)
class Connection:
    """Counts failures in a row, and remembers which questions still have to be answered."""

    failures: int = 0
    unanswered: set[str] = field(default_factory=set)

    @property
    def is_lost(self) -> bool:
        return self.failures > 0

    def lose(self, topic: str) -> int:
        """A question of this topic found no connection; how many seconds to wait before the next try."""
        self.unanswered.add(topic)
        pause = _PAUSES_S[min(self.failures, len(_PAUSES_S) - 1)]
        self.failures += 1
        return pause

    def find(self) -> set[str]:
        """There is a connection again; the topics that were left unanswered."""
        self.failures = 0
        topics, self.unanswered = self.unanswered, set()
        return topics

"""What is unusual about the calls of API clients, one finding below another."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.message import Message

from data.unusual import Finding
from tui.keymap import Scope, bindings
from tui.presenters.findings import FindingKey, calm_rows, finding_rows, findings_head, said_rows
from tui.widgets.row_pane import PaneItem, RowPane


class FindingsPane(RowPane):
    """Shows findings, or what is said in their place."""

    BINDINGS = bindings(Scope.MOVING, Scope.FINDINGS)

    class Followed(Message):
        """The calls that a finding is about are wanted."""

        def __init__(self, finding: Finding) -> None:
            super().__init__()
            self.finding = finding

    def __init__(self, zone: ZoneInfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._findings: tuple[Finding, ...] = ()
        self._as_of: datetime | None = None
        self._said: tuple[str, ...] = ()
        self.display = False

    @property
    def current(self) -> Finding | None:
        """The finding under the cursor."""
        key = self.current_key
        return self._findings[key.number] if isinstance(key, FindingKey) else None

    def show(self, findings: tuple[Finding, ...], as_of: datetime) -> None:
        """All that is unusual, as of this moment."""
        is_same = findings == self._findings
        self._findings, self._as_of, self._said = findings, as_of, ()
        self._fill(to_start=not is_same)

    def say(self, texts: Sequence[str]) -> None:
        """Say this in their place."""
        self._findings, self._as_of, self._said = (), None, tuple(texts)
        self._fill(to_start=True)

    def fit(self) -> None:
        self._fill(to_start=False)

    def action_follow(self) -> None:
        if self.current is not None:
            self.post_message(self.Followed(self.current))

    def _fill(self, *, to_start: bool) -> None:
        width = self.size.width
        if not width:
            return
        if self._as_of is None:
            self.show_head()
            self.show_items([PaneItem(said_rows(self._said, width))] if self._said else [], to_start=True)
            return
        if not self._findings:
            self.show_head()
            self.show_items([PaneItem(calm_rows(self._as_of, width, self._zone))], to_start=True)
            return
        self.show_head(findings_head(len(self._findings), self._as_of, width, self._zone))
        items: list[PaneItem] = []
        for number, finding in enumerate(self._findings):
            items += [PaneItem(finding_rows(finding, width), FindingKey(number)), PaneItem(((),))]
        self.show_items(items, to_start=to_start)

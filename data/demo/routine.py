"""Everyday work, mostly of machines: each act is one event, so that any number of them can be had."""

from collections.abc import Callable
from functools import partial
from random import Random

from data.demo.cast import ApiProxy, ExternalSystem
from data.demo.journal import Origin
from data.demo.roster import DEPARTMENTS, new_user
from data.demo.stage import Stage

_FAILS = 0.056
_TIMEOUT = "the user directory did not answer within 30 s"
_MAX_USERS = 240


class Routine:
    """Acts that nobody tells a story about. `rng` is their own: the stories must not depend on how many there are."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        self._stage = stage
        self._rng = rng
        self._acts: tuple[tuple[Callable[[], None], int], ...] = (
            (partial(self._feed, "payroll"), 27),
            (partial(self._feed, "hr"), 13),
            (partial(self._feed, "bridge"), 16),
            (self._deploy, 22),
            (self._configure, 7),
            (self._take_evidence, 5),
            (self._look_after_user, 15),
            (self._look_after_proxy, 7),
            (self._hand_token_over, 4),
            (self._read_only, 4),
        )

    def plan(self, count: int) -> None:
        """Puts so many acts on the agenda; working hours have more of them."""
        acts, weights = zip(*self._acts, strict=True)
        for act in self._rng.choices(acts, weights, k=count):
            self._stage.agenda.at(self._stage.calendar.busy_moment(self._rng), act)

    def _feed(self, handle: str) -> None:
        """A client keeps users in step with another system."""
        stage, rng = self._stage, self._rng
        by = stage.clients.origin(stage.cast.clients[handle])
        because = _TIMEOUT if rng.random() < _FAILS else None
        if rng.random() < 0.06 and len(stage.cast.users) < _MAX_USERS:
            act = "invited" if handle == "bridge" else "created"
            user = new_user(stage.cast, rng)
            user.status = "invited" if act == "invited" else "active"
            stage.portal.user(act, by, user, because=because)
            return
        self._change_user(by, because)

    def _change_user(self, by: Origin, because: str | None) -> None:
        stage, rng = self._stage, self._rng
        user = rng.choice(stage.cast.users)
        if user.status != "active":
            stage.portal.user("enabled", by, user, because=because, status="active")
        elif rng.random() < 0.05:
            stage.portal.user(
                "disabled", by, user, because=because, reason="no longer in the source", status="disabled"
            )
        elif rng.random() < 0.08:
            stage.portal.change_role(by, user)
        else:
            department = rng.choice([name for name in DEPARTMENTS if name != user.department])
            stage.portal.user("updated", by, user, because=because, department=department)

    def _deploy(self) -> None:
        """The pipeline publishes a version or promotes the newest one."""
        stage, rng = self._stage, self._rng
        by = stage.clients.origin(stage.cast.clients["deploy"])
        proxy = self._proxy()
        failed = rng.random() < _FAILS
        if proxy.version != proxy.production and rng.random() < 0.6:
            stage.portal.promote(by, proxy, because="two of five checks failed in test" if failed else None)
        else:
            because = "the description of the interface does not parse" if failed else None
            stage.portal.publish(by, proxy, self._next_version(proxy.version), because=because)

    def _next_version(self, version: str) -> str:
        major, minor, patch = (int(part) for part in version.split("."))
        return f"{major}.{minor + 1}.0" if self._rng.random() < 0.15 else f"{major}.{minor}.{patch + 1}"

    def _configure(self) -> None:
        """The configuration is brought in line with its repository."""
        stage, rng = self._stage, self._rng
        by = stage.clients.origin(stage.cast.clients["config"])
        project = rng.choice(list(stage.cast.projects.values()))
        minutes = rng.choice([value for value in (15, 30, 60, 120, 240) if value != project.session_minutes])
        because = "the revision is older than the one in use" if rng.random() < _FAILS else None
        stage.portal.configure(by, project, because=because, session_minutes=minutes)

    def _take_evidence(self) -> None:
        """The log goes to the archive of evidence, a day at a time."""
        by = self._stage.clients.origin(self._stage.cast.clients["evidence"])
        because = "the archive did not answer within 30 s" if self._rng.random() < _FAILS else None
        self._stage.custody.export(by, "during:yesterday", "jsonl", self._rng.randrange(20, 90), because)

    def _look_after_user(self) -> None:
        """Somebody at the portal helps a user; if nobody is there, a machine goes on with its work."""
        session = self._somebody("portal")
        if session is None:
            self._feed("payroll")
            return
        stage, rng = self._stage, self._rng
        because = "the mail server did not take the message" if rng.random() < _FAILS else None
        if rng.random() < 0.55:
            stage.portal.user("password_reset", session, rng.choice(stage.cast.users), because=because)
        else:
            self._change_user(session, because)

    def _look_after_proxy(self) -> None:
        """Somebody at the portal tunes a proxy; if nobody is there, the pipeline goes on with its work."""
        by = self._somebody("portal")
        if by is None:
            self._deploy()
            return
        proxy, rng = self._proxy(), self._rng
        if rng.random() < 0.25:
            refusal = "promotion to production needs a second person, and nobody has approved it"
            self._stage.portal.promote(by, proxy, refusal=refusal)
        elif rng.random() < 0.5:
            self._stage.portal.proxy("updated", by, proxy, rate_limit=proxy.rate_limit + rng.choice((-60, 60, 120)))
        else:
            longer = rng.choice([value for value in (2000, 3000, 5000) if value != proxy.timeout_ms])
            self._stage.portal.proxy("updated", by, proxy, timeout_ms=longer)

    def _hand_token_over(self) -> None:
        """A client with several machines saves its token on one more of them."""
        client = self._calling(("deploy", "finance", "donations", "backup", "helpdesk"))
        by = self._stage.clients.origin(client)
        because = "the secret store is sealed" if self._rng.random() < _FAILS else None
        self._stage.clients.hand_over(by, client, "saved", because)

    def _read_only(self) -> None:
        """A client that may only read tries to write."""
        by = self._stage.clients.origin(self._calling(("newsletter", "directory", "badges", "travel")))
        user = self._rng.choice(self._stage.cast.users)
        self._stage.portal.user("updated", by, user)

    def _calling(self, handles: tuple[str, ...]) -> ExternalSystem:
        return self._stage.cast.clients[self._rng.choice(handles)]

    def _proxy(self) -> ApiProxy:
        return self._rng.choice(list(self._stage.cast.proxies.values()))

    def _somebody(self, service: str) -> Origin | None:
        sessions = self._stage.sessions.open_at(service)
        return self._rng.choice(sessions).origin if sessions else None

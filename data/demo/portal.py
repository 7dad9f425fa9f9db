"""What the developer portal holds: projects, API proxies, users and on-premises keys, each act with its event."""

from datetime import timedelta

from data.demo.cast import ApiProxy, Cast, OnPremKey, Project, User, amend
from data.demo.journal import Journal, Origin
from data.records import Change, Json

_ROLES = ("reader", "editor", "approver")


class Portal:
    """The portal's register. API clients need a scope here; members need none, the portal has its own rules."""

    def __init__(self, cast: Cast, journal: Journal) -> None:
        self._cast = cast
        self._journal = journal

    def project(self, act: str, by: Origin, project: Project, **after: object) -> None:
        """A project is `created`, `updated` (with new values) or `deleted`."""
        changes = amend(project, **after)
        data: dict[str, Json] = {"environment": project.environment, "status": project.status}
        self._journal.write(f"project.{act}", by, project.reference, changes=changes, data=data)

    def configure(self, by: Origin, project: Project, *, because: str | None = None, **after: object) -> None:
        """New values in a project's configuration; `because` tells why that failed."""
        refusal = by.refusal("projects:write") if by.client else None
        changes = () if refusal or because else amend(project, **after)
        target = project.configuration
        self._journal.write("project_config.updated", by, target, refusal=refusal, failure=because, changes=changes)

    def proxy(self, act: str, by: Origin, proxy: ApiProxy, *, because: str | None = None, **after: object) -> None:
        """A proxy is `created`, `updated` (with new values) or `deleted`; `because` tells why that failed."""
        refusal = by.refusal("proxies:write") if by.client else None
        changes = () if refusal or because else amend(proxy, **after)
        data: dict[str, Json] = {"version": proxy.version, "project": proxy.project.name}
        self._journal.write(
            f"api_proxy.{act}", by, proxy.reference, refusal=refusal, failure=because, changes=changes, data=data
        )

    def publish(self, by: Origin, proxy: ApiProxy, version: str, *, because: str | None = None) -> None:
        """A new version of a proxy; `because` tells why that failed."""
        refusal = by.refusal("proxies:write") if by.client else None
        changes = () if refusal or because else amend(proxy, version=version)
        data: dict[str, Json] = {"version": version, "project": proxy.project.name}
        self._journal.write(
            "api_proxy.version_created",
            by,
            proxy.reference,
            refusal=refusal,
            failure=because,
            changes=changes,
            data=data,
        )

    def promote(self, by: Origin, proxy: ApiProxy, *, refusal: str | None = None, because: str | None = None) -> None:
        """The newest version starts its way from test to production; a `refusal` is a rule that stands against it."""
        refusal = refusal or (by.refusal("proxies:write") if by.client else None)
        changes = () if refusal or because else amend(proxy, production=proxy.version)
        data: dict[str, Json] = {
            "version": proxy.version,
            "from_environment": "test",
            "to_environment": "production",
            "project": proxy.project.name,
        }
        tag = "api_proxy.promotion_started"
        self._journal.write(tag, by, proxy.reference, refusal=refusal, failure=because, changes=changes, data=data)

    def user(
        self,
        act: str,
        by: Origin,
        user: User,
        *,
        reason: str | None = None,
        because: str | None = None,
        **after: object,
    ) -> None:
        """Something is done to a user, with new values if any; `because` tells why that failed."""
        refusal = by.refusal("users:write") if by.client else None
        changes = () if refusal or because else amend(user, **after)
        if not (refusal or because):
            self._count_in(act, user)
        self._journal.write(
            f"user.{act}",
            by,
            user.reference,
            refusal=refusal,
            failure=because,
            reason=reason,
            changes=changes,
            data={"status": user.status, "email": user.email},
        )

    def change_role(self, by: Origin, user: User) -> None:
        """A user gets the next of the portal's roles."""
        self.user("role_changed", by, user, role=_ROLES[(_ROLES.index(user.role) + 1) % len(_ROLES)])

    def key(self, act: str, by: Origin, key: OnPremKey, *, days: int | None = None, reason: str | None = None) -> None:
        """An on-premises key is `created`, `rotated` (valid for so many more `days`), `revoked` or `deleted`."""
        changes: tuple[Change, ...] = ()
        if days is not None:
            fingerprint = "SHA256:" + self._journal.digest()[:43]
            changes = amend(key, expires=self._journal.today + timedelta(days=days), fingerprint=fingerprint)
        data: dict[str, Json] = {"expires": key.expires.isoformat(), "fingerprint": key.fingerprint}
        self._journal.write(f"onprem_key.{act}", by, key.reference, reason=reason, changes=changes, data=data)

    def _count_in(self, act: str, user: User) -> None:
        if act in {"created", "invited"} and user not in self._cast.users:
            self._cast.users.append(user)
        elif act == "deleted" and user in self._cast.users:
            self._cast.users.remove(user)

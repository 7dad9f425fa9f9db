"""Stories of the portal: projects, API proxies on their way to production, on-premises keys and a few users."""

from functools import partial

from data.demo.cast import ApiProxy, OnPremKey, Project
from data.demo.roster import new_user
from data.demo.stage import Stage

_IMPORTED = 34


def tell(stage: Stage) -> None:
    """Puts all stories of the portal on the agenda."""
    _winter_campaign(stage)
    _end_of_the_sandbox(stage)
    _premises(stage)
    _import_in_one_afternoon(stage)
    _misused_account(stage)


def _winter_campaign(stage: Stage) -> None:
    """A project is set up, its proxy refused once on the way to production, and let through when it is active."""
    portal, cast = stage.portal, stage.cast

    def found() -> None:
        by = stage.seat("kofi", "portal")
        campaign = Project(cast.next_id("p"), "Winter campaign", "test", "draft")
        cast.projects["campaign"] = campaign
        portal.project("created", by, campaign)
        stage.journal.pause(64)
        proxy = ApiProxy(cast.next_id("x"), "campaign-api", campaign, "0.1.0", "0.1.0")
        cast.proxies["campaign"] = proxy
        portal.proxy("created", by, proxy)
        stage.journal.pause(130)
        portal.configure(by, campaign, allowed_origins=("https://winter.example.org", "https://app.example.org"))

    def promote_early() -> None:
        by = stage.seat("marco", "portal")
        portal.publish(by, cast.proxies["campaign"], "0.2.0")
        stage.journal.pause(22)
        refusal = "a project in draft cannot promote to production"
        portal.promote(by, cast.proxies["campaign"], refusal=refusal)

    def go_live() -> None:
        by = stage.seat("kofi", "portal")
        portal.project("updated", by, cast.projects["campaign"], status="active", environment="production")
        stage.journal.pause(41)
        portal.promote(by, cast.proxies["campaign"])

    stage.on(57, "10:05:44", found)
    stage.on(51, "16:18:20", promote_early)
    stage.on(46, "09:40:06", go_live)


def _end_of_the_sandbox(stage: Stage) -> None:
    """What nobody used any more is renamed first, so that somebody may object, and deleted a week later."""
    portal, cast = stage.portal, stage.cast

    def announce() -> None:
        by = stage.seat("marco", "portal")
        portal.project("updated", by, cast.projects["sandbox"], name="Old sandbox (going)", status="closing")

    def remove() -> None:
        by = stage.seat("marco", "portal")
        portal.proxy("deleted", by, cast.proxies.pop("reports"))
        stage.journal.pause(35)
        portal.project("deleted", by, cast.projects.pop("sandbox"))

    stage.on(32, "11:31:15", announce)
    stage.on(27, "15:09:52", remove)


def _premises(stage: Stage) -> None:
    """Two installations of partners: one key is renewed, the other leaves with its partner."""
    portal, cast, today = stage.portal, stage.cast, stage.calendar.start.date()
    north = OnPremKey(cast.next_id("k"), "North office rack", today, "")
    press = OnPremKey(cast.next_id("k"), "Printing house", today, "")

    def issue(key: OnPremKey, days: int) -> None:
        portal.key("created", stage.seat("alice", "portal"), key, days=days)

    stage.on(76, "13:21:30", partial(issue, north, 90))
    stage.on(65, "10:58:03", partial(issue, press, 180))
    stage.on(19, "10:02:47", lambda: portal.key("rotated", stage.seat("alice", "portal"), north, days=90))
    gone = "the partner closed its office"
    stage.on(14, "16:27:36", lambda: portal.key("revoked", stage.seat("alice", "portal"), press, reason=gone))
    stage.on(7, "11:19:58", lambda: portal.key("deleted", stage.seat("alice", "portal"), press))


def _import_in_one_afternoon(stage: Stage) -> None:
    """The Old importer's last work: a department comes over at once, one mail address being taken already."""
    importer = stage.cast.clients["importer"]

    def create(number: int) -> None:
        taken = "the mail address is taken" if number == 11 else None
        user = new_user(stage.cast, stage.rng)
        user.department = "Volunteers"
        stage.portal.user("created", stage.clients.origin(importer), user, because=taken)

    for number in range(_IMPORTED):
        stage.on(39, f"14:{5 + number // 2:02d}:{number % 2 * 30:02d}", partial(create, number))


def _misused_account(stage: Stage) -> None:
    """An account is used by somebody else: disabled, its password reset, enabled again, and in the end deleted."""
    portal = stage.portal
    user = new_user(stage.cast, stage.rng)

    def stop() -> None:
        portal.user(
            "disabled", stage.seat("lena", "portal"), user, reason="signed in from two countries", status="disabled"
        )

    def mend() -> None:
        by = stage.seat("lena", "portal")
        portal.user("password_reset", by, user, reason="asked for by phone, identity checked")
        stage.journal.pause(48)
        portal.user("enabled", by, user, status="active")

    stage.on(29, "11:47:21", stop)
    stage.on(28, "09:16:40", mend)
    stage.on(
        10,
        "14:52:09",
        lambda: portal.user("deleted", stage.seat("lena", "portal"), user, reason="asked for by the user"),
    )

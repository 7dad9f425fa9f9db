"""What the made-up events speak of: the terms of each dimension, from the busiest to the rarest."""

import ipaddress
from dataclasses import dataclass
from functools import cache

from data.answers import Dimension
from data.records import SYSTEM, ActorType, Outcome, Reference
from data.store.terms import Term

ACTORS, CLIENTS, SERVICES, TARGETS, ADDRESSES = 5_000, 2_000, 40, 200_000, 20_000


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_USERS = _words("""
    authgear.user.authenticated authgear.user.signed_out authgear.user.reauthenticated authgear.email.sent authgear.sms.sent
    authgear.authentication.primary_password_failed authgear.user.session_terminated authgear.m2m.token_created
    authgear.user.profile_updated authgear.identity.email_verified authgear.whatsapp.sent authgear.user.created
    authgear.authentication.secondary_totp_failed authgear.identity.phone_verified authgear.rate_limit.blocked
    authgear.whatsapp.otp_verified authgear.identity.oauth_connected authgear.authentication.blocked authgear.email.error
    authgear.identity.email_added authgear.identity.phone_added authgear.bot_protection.verification_failed
    authgear.identity.username_updated authgear.identity.biometric_enabled authgear.sms.error user.created user.updated
    user.invited user.password_reset user.role_changed user.disabled user.enabled user.deleted authgear.user.disabled
    authgear.user.reenabled authgear.user.deletion_scheduled authgear.user.deleted authgear.identity.email_removed
    authgear.identity.oauth_disconnected authgear.usage.alert_triggered
""")
_ADMIN = _words("""
    session.signed_in session.signed_out token.issued token.rotated api_client.updated log.read token.inspected role.granted
    api_client.created token.ended member.key_registered session.refused project.updated api_proxy.version_created
    policy.read token.expired api_client.revoked group.member_added role.withdrawn log.exported invitation.sent
    api_proxy.promotion_started member.joined onprem_key.rotated project.created view.saved role.updated member.suspended
    api_client.deleted policy.updated
""")
# Of systems that the catalogue does not know; they stand in no tab.
_FOREIGN = _words("""
    s3.object.Get s3.object.Put warehouse.dataset.shared payroll.run.approved s3.bucket.Delete warehouse.query.cancelled
    payroll.run.reversed badge.door.opened warehouse.dataset.dropped badge.reported_lost
""")
_COLOURS = _words(
    "amber basalt cobalt delta ember fjord garnet harbour indigo juniper krypton lagoon magnet nebula onyx prairie"
)
_THINGS = _words(
    "ledger pipeline gateway cluster vault archive webhook billing quota session tenant policy bucket schedule dataset notebook"
)
_GIVEN = _words("Alice Bo Carla Dmitri Esra Fatou Goran Hana Ines Jürgen Kofi Lina Milan Nadia Oscar Priya")
_FAMILY = _words(
    "Moss Fern Ahlgren Bauer Castro Dubois Eriksen Fontaine Grünwald Haddad Ito Jansen Kaya Lindqvist Moreau Novak"
)
_KINDS = _words("invoice user role token project dataset policy report")
_SYSTEM_ACTOR = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one dimension by their codes. A code past the last is for events that have none.

    Of `sizes` things some were renamed: their second names have codes of their own, at the end. `owners` says for each
    code whose it is.
    """

    dimension: Dimension
    terms: tuple[Term, ...]
    owners: tuple[int, ...]
    size: int

    @property
    def none(self) -> int:
        """The code of events without any."""
        return len(self.terms)

    @property
    def renamed(self) -> dict[int, int]:
        """The codes of second names, by those of the first."""
        return {self.owners[code]: code for code in range(self.size, len(self.terms))}


@cache
def vocabulary(dimension: Dimension) -> Vocabulary:
    """All terms of a dimension."""
    return _MAKING[dimension]()


def _names(dimension: Dimension, names: list[str]) -> Vocabulary:
    terms = tuple(Term(dimension.value, name=name) for name in names)
    return Vocabulary(dimension, terms, tuple(range(len(terms))), len(terms))


def _references(dimension: Dimension, first: list[Reference], second: dict[int, Reference]) -> Vocabulary:
    terms = tuple(Term.of_reference(dimension.value, one) for one in (*first, *second.values()))
    return Vocabulary(dimension, terms, (*range(len(first)), *second), len(first))


def _types() -> Vocabulary:
    users, admin, foreign = iter(_USERS), iter(_ADMIN), iter(_FOREIGN)
    in_turn = (users, admin, users, admin, users, admin, users, foreign)
    return _names(Dimension.TYPE, [next(tags) for _ in _FOREIGN for tags in in_turn])


def _outcomes() -> Vocabulary:
    return _names(Dimension.OUTCOME, [outcome.value for outcome in Outcome])


def _actors() -> Vocabulary:
    def reference(number: int) -> Reference:
        if number == _SYSTEM_ACTOR:
            return SYSTEM
        if number % 10 == 9:
            return Reference(ActorType.API_CLIENT, f"a-{number}", f"Robot {_THINGS[number % 16]} {number}")
        return Reference(
            ActorType.MEMBER, f"m-{number}", f"{_GIVEN[number % 16]} {_FAMILY[number // 16 % 16]} {number}"
        )

    first = [reference(number) for number in range(ACTORS)]
    married = {
        number: Reference(first[number].type, first[number].id, f"{first[number].name} {_FAMILY[number % 13]}")
        for number in range(5, ACTORS, 40)
    }
    return _references(Dimension.ACTOR, first, married)


def _clients() -> Vocabulary:
    def reference(number: int, prefix: str) -> Reference:
        return Reference(ActorType.API_CLIENT, f"c-{number}", f"{prefix} {_THINGS[number % 16]} {number}")

    first = [reference(number, "Integration") for number in range(CLIENTS)]
    return _references(
        Dimension.CLIENT, first, {number: reference(number, "Connector") for number in range(3, CLIENTS, 25)}
    )


def _services() -> Vocabulary:
    return _names(Dimension.SERVICE, [f"{_THINGS[number % 16]}-{_COLOURS[number // 16]}" for number in range(SERVICES)])


def _targets() -> Vocabulary:
    def reference(number: int) -> Reference:
        kind = _KINDS[number % 8]
        name = f"{kind} {_COLOURS[number // 8 % 16]} {_THINGS[number // 128 % 16]} {number}"
        return Reference(kind, f"{kind}-{number}", name)

    return _references(Dimension.TARGET, [reference(number) for number in range(TARGETS)], {})


def _addresses() -> Vocabulary:
    def address(number: int) -> str:
        if number % 10 == 7:
            return str(ipaddress.IPv6Address((0x20010DB8 << 96) | (number // 100 << 64) | (number * 37 % 65_536 + 1)))
        return f"10.{number >> 8}.{number & 255}.{number * 37 % 250 + 1}"

    return _names(Dimension.IP, [address(number) for number in range(ADDRESSES)])


_MAKING = {
    Dimension.TYPE: _types,
    Dimension.OUTCOME: _outcomes,
    Dimension.ACTOR: _actors,
    Dimension.CLIENT: _clients,
    Dimension.SERVICE: _services,
    Dimension.TARGET: _targets,
    Dimension.IP: _addresses,
}

"""Made-up logs in the shapes of well-known systems, each record with what it says in plain words: the oracle of a guess."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

# A record of any shape.
_Record = dict[str, Any]

_START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
_PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank")


@dataclass(frozen=True, slots=True)
class Told:
    """A record, and what it says; `identity` and `target` are None where it says nothing of them."""

    record: _Record
    at: datetime
    action: str
    actor: str | None
    ip: str | None = None
    outcome: str = "success"
    target: str | None = None
    identity: str | None = None


Family = Callable[[Random, int], Told]


def records_of(family: Family, number: int, seed: int = 1) -> Iterator[Told]:
    """So many records of a family, in the order of their times."""
    chance = Random(seed)
    for index in range(number):
        yield family(chance, index)


def _moment(chance: Random, index: int, *, fraction: bool = True) -> datetime:
    micros = chance.randrange(1_000) * 1_000 if fraction else 0
    return _START + timedelta(seconds=37 * index + chance.randrange(30), microseconds=micros)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _uuid(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _ip(chance: Random) -> str:
    return f"198.51.100.{chance.randrange(1, 255)}"


def kubernetes(chance: Random, index: int) -> Told:
    """An event of `audit.k8s.io`."""
    at = _moment(chance, index)
    verb = chance.choice(("create", "delete", "get", "list", "patch", "update", "watch"))
    resource = chance.choice(("pods", "secrets", "configmaps", "deployments", "rolebindings"))
    person = chance.choice((*_PEOPLE, "system:serviceaccount:kube-system:deployer", "system:kube-scheduler"))
    code = chance.choice((200, 201, 200, 403, 404))
    ip, audit, name = _ip(chance), _uuid(chance), f"{resource}-{chance.randrange(99)}"
    record = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "RequestResponse",
        "auditID": audit,
        "stage": "ResponseComplete",
        "requestURI": f"/api/v1/namespaces/default/{resource}/{name}",
        "verb": verb,
        "user": {"username": person, "groups": ["system:authenticated"]},
        "sourceIPs": [ip],
        "userAgent": "kubectl/v1.29.0 (linux/amd64)",
        "objectRef": {"resource": resource, "namespace": "default", "name": name, "apiVersion": "v1"},
        "responseStatus": {"metadata": {}, "code": code},
        "requestReceivedTimestamp": _iso(at),
        "stageTimestamp": _iso(at),
        "annotations": {"authorization.k8s.io/decision": "forbid" if code == 403 else "allow"},
    }
    outcome = {403: "denied", 404: "failure"}.get(code, "success")
    return Told(record, at, f"{resource}.{verb}", person, ip, outcome, name, audit)


def gitlab(chance: Random, index: int) -> Told:
    """A line of GitLab's audit_json.log."""
    at, person = _moment(chance, index), chance.randrange(len(_PEOPLE))
    action = chance.choice(("project_created", "member_added", "deploy_key_removed", "user_impersonated", "tag_pushed"))
    entity, ip, correlation = chance.randrange(1, 40), _ip(chance), f"{chance.getrandbits(80):020X}"
    record = {
        "severity": "INFO",
        "time": _iso(at),
        "correlation_id": correlation,
        "meta.caller_id": "ProjectsController#create",
        "id": 1000 + index,
        "author_id": person + 7,
        "author_name": _PEOPLE[person].title() + " Moss",
        "author_class": "User",
        "entity_id": entity,
        "entity_type": "Project",
        "event_name": action,
        "ip_address": ip,
        "target_id": entity,
        "target_type": "Project",
        "target_details": f"group/project-{entity}",
        "entity_path": f"group/project-{entity}",
        "custom_message": f"Did {action} of project-{entity}",
    }
    return Told(record, at, action, str(person + 7), ip, "success", str(entity), str(1000 + index))


def okta(chance: Random, index: int) -> Told:
    """An entry of Okta's system log."""
    at, person, ip = _moment(chance, index), chance.choice(_PEOPLE), _ip(chance)
    action = chance.choice(
        ("user.session.start", "user.account.lock", "policy.evaluate_sign_on", "app.generic.unauth_app_access_attempt")
    )
    result = chance.choice(("SUCCESS", "SUCCESS", "FAILURE", "DENY", "ALLOW"))
    identity, target = _uuid(chance), f"00u{chance.randrange(10**6):06}"
    record = {
        "actor": {
            "id": f"00u{person}",
            "type": "User",
            "alternateId": f"{person}@example.com",
            "displayName": f"{person.title()} Moss",
            "detailEntry": None,
        },
        "client": {
            "userAgent": {"rawUserAgent": "Mozilla/5.0 (X11; Linux x86_64)", "os": "Linux", "browser": "FIREFOX"},
            "zone": "null",
            "device": "Computer",
            "id": None,
            "ipAddress": ip,
            "geographicalContext": {"city": "Leeds", "country": "United Kingdom"},
        },
        "authenticationContext": {"authenticationStep": 0, "externalSessionId": f"trs{chance.getrandbits(60)}"},
        "displayMessage": f"Did {action}",
        "eventType": action,
        "outcome": {"result": result, "reason": "VERIFICATION_ERROR" if result == "FAILURE" else None},
        "published": _iso(at),
        "severity": "INFO",
        "debugContext": {"debugData": {"requestUri": "/api/v1/authn", "requestId": f"Xa{chance.getrandbits(70)}"}},
        "legacyEventType": f"core.{action}",
        "transaction": {"type": "WEB", "id": f"Xb{chance.getrandbits(70)}", "detail": {}},
        "uuid": identity,
        "version": "0",
        "request": {"ipChain": [{"ip": ip, "version": "V4"}]},
        "target": [
            {
                "id": target,
                "type": "AppInstance",
                "alternateId": "Payroll",
                "displayName": "Payroll",
                "detailEntry": None,
            }
        ],
    }
    outcome = {"FAILURE": "failure", "DENY": "denied"}.get(result, "success")
    return Told(record, at, action, f"00u{person}", ip, outcome, target, identity)


def workspace(chance: Random, index: int) -> Told:
    """An activity of Google Workspace's Reports API."""
    at, person, ip = _moment(chance, index), chance.choice(_PEOPLE), _ip(chance)
    action = chance.choice(("login_success", "login_failure", "CHANGE_PASSWORD", "ADD_GROUP_MEMBER", "logout"))
    qualifier = str(-chance.getrandbits(62))
    record = {
        "kind": "admin#reports#activity",
        "id": {"time": _iso(at), "uniqueQualifier": qualifier, "applicationName": "login", "customerId": "C03az79cb"},
        "etag": f'"{chance.getrandbits(90):x}"',
        "actor": {"email": f"{person}@example.com", "profileId": f"1{_PEOPLE.index(person):019}"},
        "ipAddress": ip,
        "events": [
            {"type": "login", "name": action, "parameters": [{"name": "login_type", "value": "google_password"}]}
        ],
    }
    outcome = "failure" if "failure" in action else "success"
    return Told(record, at, action, f"1{_PEOPLE.index(person):019}", ip, outcome, None, qualifier)


def auth0(chance: Random, index: int) -> Told:
    """An entry of Auth0's tenant log, as its API answers: codes without a prefix of another system."""
    at, person, ip = _moment(chance, index), chance.choice(_PEOPLE), _ip(chance)
    code = chance.choice(("s", "f", "ss", "slo", "seccft"))
    identity = f"900202603{chance.getrandbits(80):026}"
    record = {
        "date": _iso(at),
        "type": code,
        "description": None,
        "connection": "Username-Password-Authentication",
        "client_id": "c-portal",
        "client_name": "Portal",
        "ip": ip,
        "user_agent": "Firefox 120 / Linux",
        "user_id": f"auth0|{person}",
        "user_name": f"{person}@example.com",
        "log_id": identity,
        "_id": identity,
        "isMobile": False,
    }
    return Told(record, at, code, f"auth0|{person}", ip, "success", None, identity)


def cloudflare(chance: Random, index: int) -> Told:
    """An entry of Cloudflare's audit log."""
    at, person, ip = _moment(chance, index, fraction=False), chance.choice(_PEOPLE), _ip(chance)
    action, identity = chance.choice(("login", "add", "change_setting", "purge", "rec_set")), _uuid(chance)
    zone = f"{chance.getrandbits(128):032x}"
    good = chance.random() < 0.8
    record = {
        "action": {"result": good, "type": action},
        "actor": {"email": f"{person}@example.com", "id": f"id-of-{person}", "ip": ip, "type": "user"},
        "id": identity,
        "interface": "UI",
        "metadata": {"name": "security_level"},
        "newValue": "high",
        "oldValue": "low",
        "owner": {"id": "023e105f4ecef8ad9ca31a8372d0c353"},
        "resource": {"id": zone, "type": "zone"},
        "when": _iso(at),
    }
    return Told(record, at, action, f"id-of-{person}", ip, "success" if good else "failure", zone, identity)


def azure(chance: Random, index: int) -> Told:
    """A sign-in or directory change, as Azure Monitor streams them."""
    at, person, ip = _moment(chance, index), chance.choice(_PEOPLE), _ip(chance)
    action = chance.choice(("Sign-in activity", "Add member to role", "Update user", "Consent to application"))
    code = chance.choice(("0", "0", "50126", "53003"))
    correlation = _uuid(chance)
    record = {
        "time": _iso(at),
        "resourceId": "/tenants/7d2f/providers/Microsoft.aadiam",
        "operationName": action,
        "operationVersion": "1.0",
        "category": "SignInLogs",
        "tenantId": "7d2f0c1e-1111-4222-8333-944455556666",
        "resultType": code,
        "durationMs": 0,
        "callerIpAddress": ip,
        "correlationId": correlation,
        "level": 4,
        "location": "GB",
        "properties": {
            "id": _uuid(chance),
            "createdDateTime": _iso(at),
            "userDisplayName": f"{person.title()} Moss",
            "userPrincipalName": f"{person}@example.com",
            "userId": f"user-{person}",
            "appId": "a-1",
        },
    }
    snake = action.lower().replace(" ", "_")
    return Told(record, at, snake, f"user-{person}", ip, "success" if code == "0" else "failure")


def plain(chance: Random, index: int) -> Told:
    """What many an application writes of itself: seconds with a fraction, and sentences of a fixed list."""
    at, person = _moment(chance, index), chance.choice(_PEOPLE)
    message = chance.choice(
        ("user logged in", "user logged out", "invoice paid", "report exported", "password changed")
    )
    record = {"ts": at.timestamp(), "level": "info", "msg": message, "user": person, "n": chance.randrange(1000)}
    return Told(record, at, message.replace(" ", "_"), person)


def python_logging(chance: Random, index: int) -> Told:
    """A JSON formatter over Python's logging: a comma before the milliseconds, and no offset."""
    at, person = _moment(chance, index), chance.choice(_PEOPLE)
    action = chance.choice(("order.created", "order.cancelled", "order.shipped", "login.failed"))
    record = {
        "asctime": at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03}",
        "levelname": "INFO",
        "name": "shop.audit",
        "event": action,
        "username": person,
        "remote_addr": (ip := _ip(chance)),
        "order_id": chance.randrange(10**6),
    }
    return Told(record, at, action, person, ip, "failure" if "failed" in action else "success")


def rails(chance: Random, index: int) -> Told:
    """Rows of an audits table: a blank before the offset, verbs, and the class that they were done to."""
    at, person = _moment(chance, index), chance.randrange(1, 9)
    verb, kind = chance.choice(("create", "update", "destroy")), chance.choice(("Invoice", "User", "Project"))
    thing = chance.randrange(1, 500)
    record = {
        "id": index + 1,
        "auditable_id": thing,
        "auditable_type": kind,
        "user_id": person,
        "user_type": "User",
        "action": verb,
        "audited_changes": {"name": ["old", "new"]},
        "version": chance.randrange(1, 9),
        "remote_address": (ip := _ip(chance)),
        "request_uuid": _uuid(chance),
        "created_at": at.strftime("%Y-%m-%d %H:%M:%S.%f +0000"),
    }
    return Told(record, at, f"{kind}.{verb}", str(person), ip, "success", str(thing), str(index + 1))


def split_time(chance: Random, index: int) -> Told:
    """A day and a time of day apart, as logs of web servers have them."""
    at, person = _moment(chance, index, fraction=False), chance.choice(_PEOPLE)
    action = chance.choice(("FileAccessed", "FileDeleted", "SharingSet", "UserLoggedIn"))
    record = {
        "date": at.strftime("%Y-%m-%d"),
        "time": at.strftime("%H:%M:%S"),
        "Operation": action,
        "UserId": f"{person}@example.com",
        "ClientIP": (ip := _ip(chance)),
        "ResultStatus": (result := chance.choice(("Succeeded", "Failed"))),
        "ObjectId": (thing := f"https://files.example.com/{chance.randrange(99)}"),
    }
    outcome = "success" if result == "Succeeded" else "failure"
    return Told(record, at, action, f"{person}@example.com", ip, outcome, thing)


def nanoseconds(chance: Random, index: int) -> Told:
    """A log of a collector: nanoseconds since 1970 as a number, keys with dots."""
    at, person = _moment(chance, index), chance.choice(_PEOPLE)
    action = chance.choice(("key.rotate", "key.read", "key.destroy"))
    # The reader of JSON keeps a number of so many digits as text.
    nanos = str((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1_000)
    record = {
        "timeUnixNano": nanos,
        "event.name": action,
        "enduser.id": person,
        "client.address": (ip := _ip(chance)),
        "event.id": (identity := f"{chance.getrandbits(64):016x}"),
    }
    return Told(record, at, action, person, ip, identity=identity)


FAMILIES: dict[str, Family] = {
    "kubernetes": kubernetes,
    "gitlab": gitlab,
    "okta": okta,
    "workspace": workspace,
    "auth0": auth0,
    "cloudflare": cloudflare,
    "azure": azure,
    "plain": plain,
    "python_logging": python_logging,
    "rails": rails,
    "split_time": split_time,
    "nanoseconds": nanoseconds,
}

"""`auditdeck token inspect`."""

import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Protocol

import pytest

from data.clients.model import IssuedToken
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.tokens import BASE62, new_token
from tests.functional.cli.command_line import Ran, Runner, run_process
from tests.functional.cli.made_up_clients import BO, events_of, let_expire, make_client, opened


class Inspect(Protocol):
    """Says what is said of a token that is given on standard input."""

    def __call__(self, given: str, *flags: str) -> Ran: ...


WORKS, REFUSED, UNKNOWN, MISTYPED = 0, 3, 4, 5


@pytest.fixture
def issued(database: Path) -> IssuedToken:
    return make_client(database)


@pytest.fixture
def inspect(run: Runner, monkeypatch: pytest.MonkeyPatch) -> Inspect:
    def inspect(given: str, *flags: str) -> Ran:
        """What is said of the token that this is, on standard input."""
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given.encode())))
        ran = run("token", "inspect", "-", *flags)
        secret = given.strip()[13:]
        assert not secret or secret not in ran.out + ran.err, "the secret is not repeated"
        return ran

    return inspect


def used(database: Path, issued: IssuedToken, number: int, refusal: RefusalCode | None = None) -> None:
    """So many requests with the token, a second apart."""
    begin = datetime.now(UTC) - timedelta(hours=1)
    with opened(database) as log:
        log.requests.append(
            [
                request_draft(
                    Request(
                        action=f"GET /v1/orders/{one}",
                        status=200 if refusal is None else 401,
                        executed_at=begin + timedelta(seconds=one),
                        client=issued.client.reference,
                        token=issued.token.public_id,
                        service="orders",
                        ip=f"198.51.100.{one}",
                        refusal=refusal,
                    )
                )
                for one in range(number)
            ]
        )


def test_whose_it_is_how_it_stands_and_what_used_it_from_where(
    inspect: Inspect, database: Path, issued: IssuedToken
) -> None:
    used(database, issued, 3)
    before = len(events_of(database))
    ran = inspect(f"  {issued.token.reveal()}\n")
    assert (ran.status, ran.err) == (WORKS, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == f"{issued.token.public_id} works."
    assert f"client Payroll sync ({issued.client.id})" in lines
    assert "owner Alice Moss" in lines and "networks from anywhere" in lines and "Requests with it: 3" in lines
    uses = lines[lines.index("Requests with it: 3") + 1 :]
    assert len(uses) == 3 and all("200 Payroll sync orders GET /v1/orders/" in line for line in uses)
    assert "198.51.100.2" in uses[0] and "198.51.100.0" in uses[-1]
    assert len(events_of(database)) == before, "looking changes nothing"


def test_json_has_it_all(inspect: Inspect, database: Path, issued: IssuedToken) -> None:
    used(database, issued, 12)
    found = inspect(issued.token.reveal(), "--json").json
    assert list(found) == ["public_id", "works", "refusal", "proven", "token", "client", "requests"]
    assert (found["works"], found["refusal"], found["proven"]) == (True, None, True)
    assert found["client"]["name"] == "Payroll sync" and found["token"]["works"]
    assert [one["ip"] for one in found["requests"]] == [f"198.51.100.{one}" for one in range(11, 1, -1)]
    assert "Requests with it: 12, the newest 10" in inspect(issued.token.reveal()).out


def test_a_public_id_is_enough_and_proves_nothing(
    inspect: Inspect, run: Runner, database: Path, issued: IssuedToken
) -> None:
    public_id = issued.token.public_id
    for ran in (run("token", "inspect", public_id), inspect(public_id)):
        assert ran.status == WORKS
        assert f"{public_id} works. Its secret was not given" in ran.out and "named client" in ran.out
    assert run("token", "inspect", public_id, "--json").json["proven"] is False


def test_a_wrong_secret_names_the_client_without_proof(inspect: Inspect, database: Path, issued: IssuedToken) -> None:
    forged = _with_public_id(issued.token.public_id)
    ran = inspect(forged)
    assert ran.status == REFUSED
    assert "does not work. The token's public id is known, but its secret is wrong." in ran.out
    assert "named client" in ran.out
    found = inspect(forged, "--json").json
    assert (found["refusal"], found["proven"], found["client"]["id"]) == ("wrong_secret", False, issued.client.id)


@pytest.mark.parametrize(
    ("end", "refusal"),
    [
        ("end", RefusalCode.TOKEN_ENDED),
        ("expire", RefusalCode.EXPIRED),
        ("revoke", RefusalCode.REVOKED),
        ("delete", RefusalCode.DELETED),
    ],
)
def test_what_has_ended_says_how(
    inspect: Inspect, database: Path, issued: IssuedToken, end: str, refusal: RefusalCode
) -> None:
    used(database, issued, 1, refusal)
    with opened(database) as log:
        client_id = issued.client.id
        match end:
            case "end":
                log.clients.end_token(BO, client_id, issued.token.public_id, "leaked")
            case "expire":
                let_expire(database, "Payroll sync")
            case "revoke":
                log.clients.revoke(BO, client_id, "leaked")
            case _:
                log.clients.delete(BO, client_id, "leaked")
    ran = inspect(issued.token.reveal())
    assert ran.status == REFUSED
    assert f"does not work. {refusal.sentence}" in ran.out and "Payroll sync" in ran.out
    assert "DENIED" in ran.out, "and the request that was refused for it"
    found = inspect(issued.token.reveal(), "--json").json
    assert (found["works"], found["refusal"], found["proven"]) == (False, refusal.value, True)


def test_a_token_of_another_database_is_unknown_and_not_mistyped(inspect: Inspect, issued: IssuedToken) -> None:
    other = new_token()
    ran = inspect(other.reveal())
    assert (ran.status, ran.err) == (UNKNOWN, "")
    assert f"{other.public_id} is unknown here." in ran.out and "perhaps it belongs to another database" in ran.out
    assert inspect(other.reveal(), "--json").json["refusal"] == "unknown_token"


def test_a_mistyped_one_is_told_from_its_checksum_without_a_database(inspect: Inspect, database: Path) -> None:
    whole = new_token().reveal()
    other = "x" if whole[-9] != "x" else "y"
    ran = inspect(f"{whole[:-9]}{other}{whole[-8:]}")
    assert (ran.status, ran.err) == (MISTYPED, "") and f"{whole[:12]} was mistyped" in ran.out
    for text in (whole[:-1], whole + "x", whole.replace("_", "-"), "hello", "\x1b[31m" * 9, "é" * 62):
        ran = inspect(text)
        assert (ran.status, ran.err) == (MISTYPED, "") and ran.out.startswith("This is not a token")
        assert text not in ran.out
    assert inspect(whole[:-1], "--json").json["refusal"] == "mistyped_token"
    assert not database.exists()


@pytest.mark.parametrize(
    "given", [b"", b"\n", b"  \n adk_", b"\n" + b"x" * 1_000_000], ids=["end", "line", "blanks", "long"]
)
def test_nothing_on_standard_input_is_told(given: bytes) -> None:
    ran = run_process(["token", "inspect", "-"], given)
    assert (ran.status, ran.out, ran.err) == (1, "", "auditdeck: Nothing came on standard input.\n")


def test_a_million_characters_are_no_token(inspect: Inspect, issued: IssuedToken) -> None:
    ran = inspect(issued.token.reveal() * 20_000)
    assert (ran.status, ran.err) == (MISTYPED, "") and len(ran.out) < 200


@pytest.mark.parametrize("argument", ["{whole}", "{whole}x", "x{whole}", "{cut}", "Bearer {whole}"])
def test_a_token_as_an_argument_is_refused_and_not_repeated(
    run: Runner, database: Path, issued: IssuedToken, argument: str
) -> None:
    whole = issued.token.reveal()
    ran = run("token", "inspect", argument.replace("{whole}", whole).replace("{cut}", whole[:30]))
    assert (ran.status, ran.out) == (2, "")
    assert "Arguments can be seen by others" in ran.err and "standard input" in ran.err
    assert whole[13:20] not in ran.err


@pytest.mark.parametrize("argument", ["Payroll", "adk_short", "--"])
def test_any_other_argument_is_refused(run: Runner, issued: IssuedToken, argument: str) -> None:
    ran = run("token", "inspect", argument)
    assert (ran.status, ran.out) == (2, "")


def _with_public_id(public_id: str) -> str:
    """A token that is written as one, of a public id whose secret it does not have."""
    number = 0
    for character in public_id[4:]:
        number = 62 * number + BASE62.index(character)
    forged = new_token(lambda count: number.to_bytes(count) if count == 16 else bytes(range(count)))
    assert forged.public_id == public_id
    return forged.reveal()

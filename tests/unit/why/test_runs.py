"""Tests of data.why.runs."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.records import Outcome
from data.refusals import RefusalCode
from data.why.runs import PAUSE, gather, is_of_client
from tests.unit.why.made_up import NOW, TOKEN, at, change, request, requests


def test_requests_of_one_kind_are_one_run() -> None:
    (run,) = gather(requests(at("10:02"), 270))
    assert (run.count, run.first_at, run.last_at) == (270, at("10:02"), at("14:31"))
    assert (run.status, run.outcome, run.addresses, run.token) == (200, Outcome.SUCCESS, ("198.51.100.7",), TOKEN)
    assert (run.service, run.action) == ("orders", "GET /v1/orders")


def test_refusals_of_another_code_are_another_run() -> None:
    served, expired, revoked = gather(
        [
            *requests(at("10:00"), 5),
            *requests(at("11:00"), 2, RefusalCode.EXPIRED),
            *requests(at("12:00"), 3, RefusalCode.REVOKED),
        ]
    )
    assert [(run.refusal, run.count) for run in (served, expired, revoked)] == [
        (None, 5),
        (RefusalCode.EXPIRED, 2),
        (RefusalCode.REVOKED, 3),
    ]


def test_a_change_ends_every_run() -> None:
    calls = requests(at("10:00"), 10)
    first, second = gather(calls, [change("token.copied", at("10:05"))])
    assert (first.last_at, second.first_at) == (at("10:05"), at("10:06"))
    refused = requests(at("10:00"), 10, RefusalCode.EXPIRED)
    first, second = gather(refused, [change("token.copied", at("10:05"))])
    assert (first.last_at, second.first_at) == (at("10:04"), at("10:05"))


def test_other_requests_end_a_run_only_when_it_pauses() -> None:
    calls = [request(at("10:00")), request(at("10:01"), RefusalCode.REVOKED), request(at("10:02"))]
    assert len(gather(calls)) == 2
    calls.append(request(at("10:02") + PAUSE + timedelta(seconds=1), status=500))
    calls.append(request(calls[-1].occurred_at + timedelta(seconds=1)))
    assert [run.count for run in gather(calls)] == [1, 2, 1, 1]


def test_a_run_is_parted_by_what_its_cause_hangs_on_alone() -> None:
    """A revoked client is revoked wherever it calls from; an address that is left out is one address."""

    def kinds(code: RefusalCode) -> int:
        return len(gather([request(at("10:00"), code, ip=f"198.51.100.{number}") for number in range(4)]))

    assert (kinds(RefusalCode.REVOKED), kinds(RefusalCode.WRONG_NETWORK), kinds(RefusalCode.WRONG_SECRET)) == (1, 4, 4)
    refused = [request(at("10:00"), RefusalCode.MISSING_SCOPE, scope=scope) for scope in ("a:read", "b:read", "a:read")]
    assert [(run.scope, run.count) for run in gather(refused)] == [("b:read", 1), ("a:read", 2)]


def test_of_many_addresses_some_are_named_and_all_are_counted() -> None:
    (run,) = gather([request(at("10:00"), ip=f"198.51.100.{number}") for number in range(9)])
    assert (len(run.addresses), run.address_count) == (3, 9)


def test_an_address_is_the_same_however_it_is_written() -> None:
    calls = [request(at("10:00"), RefusalCode.WRONG_NETWORK, ip=ip) for ip in ("192.0.2.1", "::ffff:192.0.2.1")]
    assert [run.addresses for run in gather(calls)] == [("192.0.2.1",)]


def test_what_was_let_in_between_is_counted_and_where_it_was_alone() -> None:
    refused = [request(at(clock), RefusalCode.TOKEN_ENDED) for clock in ("10:00", "10:02", "10:04", "10:06")]
    served = [request(at("10:01")), request(at("10:03"))]
    calls = sorted([*refused, *served], key=lambda one: one.occurred_at)
    run = gather(calls)[-1]
    assert (run.count, run.served_within, run.alone_since) == (4, 2, at("10:04"))


def test_tokens_that_are_not_known_are_not_the_clients() -> None:
    calls = [request(at("10:00"), code) for code in (RefusalCode.UNKNOWN_TOKEN, RefusalCode.MISTYPED_TOKEN)]
    assert [is_of_client(call) for call in calls] == [False, False]
    assert gather(calls) == ()


def test_a_code_of_a_newer_program_is_a_refusal_all_the_same() -> None:
    (run,) = gather([request(at("10:00"), RefusalCode.REVOKED, data={"refusal": "bewitched"})])
    assert (run.is_refused, run.refusal, run.refusal_word) == (True, None, "bewitched")


def test_a_run_over_requests_that_are_missing_has_more_than_are_counted() -> None:
    before, *rest = requests(at("10:00"), 4, RefusalCode.REVOKED, minutes=60)
    (run,) = gather([before, *rest], gap_before=rest[0].id)
    assert (run.is_partial, run.count, run.first_at) == (True, 4, at("10:00"))
    assert not gather(rest)[0].is_partial


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, RefusalCode.REVOKED, RefusalCode.WRONG_NETWORK, RefusalCode.MISTYPED_TOKEN]),
            st.integers(0, 40),
            st.sampled_from(["192.0.2.1", "192.0.2.2"]),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_every_request_is_in_one_run_between_two_changes(
    steps: list[tuple[RefusalCode | None, int, str, bool]],
) -> None:
    moment, calls, changes = NOW, [], []
    for refusal, minutes, ip, is_change in steps:
        moment += timedelta(minutes=minutes, seconds=1)
        if is_change:
            changes.append(change("token.copied", moment))
        else:
            calls.append(request(moment, refusal, ip=ip))
    runs = gather(calls, changes)
    assert sum(run.count for run in runs) == sum(map(is_of_client, calls))
    assert [run.last_at for run in runs] == sorted(run.last_at for run in runs)
    for run in runs:
        assert run.first_at <= run.alone_since <= run.last_at
        assert not any(run.first_at < one.occurred_at < run.last_at for one in changes)
        served = [one for one in calls if one.type == "request.served" and run.first_at < one.occurred_at < run.last_at]
        if run.is_refused:
            assert run.served_within == len(served)

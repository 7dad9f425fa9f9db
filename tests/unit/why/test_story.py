"""Tests of data.why.story: the line of time, the marks on it, and the answer on top."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from data.clients.model import ApiClient
from data.records import Event
from data.refusals import RefusalCode
from data.why.model import ChangeLine, Likelihood, RunLine, State, Story
from data.why.story import tell
from tests.unit.why.made_up import CALENDAR, CLIENT, TOKEN, at, change, request, requests

REVOKED = change("api_client.revoked", at("14:31"), reason="leaked")
GONE = replace(CLIENT, revoked_at=at("14:31"), revoked_by="Alice Moss", revoke_reason="leaked")


def story(calls: Sequence[Event], *changes: Event, client: ApiClient | None = CLIENT) -> Story:
    return tell(CLIENT.reference, client, sorted(calls, key=lambda one: one.occurred_at), changes, CALENDAR)


def test_what_stopped_says_when_and_why_first() -> None:
    calls = [*requests(at("10:00"), 270), *requests(at("14:32"), 3, RefusalCode.REVOKED)]
    told = story(calls, REVOKED, client=GONE)
    assert told.answer.state is State.STOPPED
    assert told.answer.sentences == (
        "It stopped working at 14:32: Alice Moss revoked this client at 14:31: leaked.",
        "3 calls were refused, from 198.51.100.7; the last one at 14:34.",
        "The last call that was let in was at 14:29.",
    )
    assert told.answer.since == at("14:32")


def test_addresses_are_named_once_and_others_are_told() -> None:
    """Two runs of one address are from one address."""
    own = requests(at("14:32"), 3, RefusalCode.EXPIRED)
    other = requests(at("14:40"), 3, RefusalCode.REVOKED)
    assert "from 198.51.100.7; the last" in story([*own, *other]).answer.sentences[1]
    many = [request(at("14:50"), RefusalCode.REVOKED, ip=f"192.0.2.{number}") for number in range(5)]
    assert "from 192.0.2.0, 192.0.2.1 and 192.0.2.2 and others; the last" in story(many).answer.sentences[1]


def test_the_line_is_newest_first_and_the_cause_is_marked() -> None:
    copied = change("token.copied", at("09:00"))
    calls = [*requests(at("10:00"), 2), *requests(at("14:32"), 3, RefusalCode.REVOKED)]
    refused, revoked, served, first = story(calls, copied, REVOKED).lines
    assert isinstance(refused, RunLine) and refused.run.refusal is RefusalCode.REVOKED
    assert isinstance(revoked, ChangeLine) and revoked.event == REVOKED and revoked.blamed == refused.cause
    assert isinstance(served, RunLine) and served.cause is None
    assert first == ChangeLine(copied)


def test_all_is_well() -> None:
    told = story(requests(at("10:00"), 20), change("api_client.revoked", at("09:00"), outcome="denied"))
    assert told.answer.state is State.WELL
    assert told.answer.sentences == ("All is well: its last call, at 10:19, was answered with 200.",)


def test_what_works_again_tells_how_it_was() -> None:
    calls = [
        *requests(at("10:00"), 20),
        *requests(at("11:00"), 5, RefusalCode.EXPIRED),
        *requests(at("12:00"), 5),
    ]
    told = story(calls, change("api_client.expired", at("11:00")))
    assert told.answer.state is State.WELL
    assert told.answer.sentences[1] == "It was refused from 11:00 to 11:04: The client expired at 11:00."


def test_of_two_tokens_one_is_refused() -> None:
    refused = [replace(one, token="adk_Old00000") for one in requests(at("10:00"), 30, RefusalCode.TOKEN_ENDED)]
    told = story([*refused, *requests(at("09:30"), 60)])
    assert told.answer.state is State.PARTLY
    assert told.answer.sentences[0].startswith("Some of its calls are refused since 10:00, others are let in:")


def test_once_nothing_is_let_in_any_more_it_stopped_then() -> None:
    calls = [
        *requests(at("10:00"), 10, RefusalCode.WRONG_NETWORK),
        request(at("10:04")),
        *requests(at("10:10"), 30, RefusalCode.WRONG_NETWORK),
    ]
    told = story(calls)
    assert (told.answer.state, told.answer.since) == (State.PARTLY, at("10:00"))
    later = story([*calls, *requests(at("11:40"), 90, RefusalCode.WRONG_NETWORK)])
    assert (later.answer.state, later.answer.since) == (State.STOPPED, at("10:05"))


def test_a_wrong_secret_is_named_and_not_proven() -> None:
    calls = [*requests(at("10:00"), 5), *requests(at("11:00"), 2, RefusalCode.WRONG_SECRET, ip="203.0.113.9")]
    told = story(calls)
    assert told.answer.state is State.NAMED
    assert told.answer.sentences[0] == (
        f"Named, not proven: since 11:00 somebody has named {TOKEN} with a wrong secret, and no call was let in."
    )
    beside = story([*calls, *requests(at("11:05"), 5)])
    assert beside.answer.state is State.WELL
    assert beside.answer.sentences[1].startswith("Named, not proven: at 11:01 somebody named")


def test_a_wrong_secret_does_not_hide_what_was_refused() -> None:
    calls = [
        *requests(at("10:00"), 5),
        *requests(at("14:32"), 3, RefusalCode.REVOKED),
        request(at("15:00"), RefusalCode.WRONG_SECRET),
    ]
    assert story(calls, REVOKED).answer.state is State.STOPPED


def test_an_answer_with_an_error_is_the_services() -> None:
    calls = [*requests(at("10:00"), 5), request(at("10:10"), status=503)]
    told = story(calls)
    assert told.answer.state is State.FAILING
    assert "answered with 503: the service failed" in told.answer.sentences[0]
    assert "the service did not take it" in story([request(at("10:10"), status=422)]).answer.sentences[0]


def test_where_nothing_was_asked_the_last_use_is_told() -> None:
    (token,) = CLIENT.tokens
    used = replace(CLIENT, tokens=(replace(token, last_used_at=at("09:00", days_ago=40), last_used_ip="192.0.2.1"),))
    assert story([], client=used).answer.sentences == (
        "It made no request within these dates. A token of it was last used on 11 Oct at 09:00, from 192.0.2.1.",
    )
    assert story([]).answer.sentences == ("It made no request within these dates. None of its tokens was ever used.",)
    assert story([], client=None).answer.state is State.QUIET


def test_that_it_ended_since_is_told_before_it_calls() -> None:
    told = story(requests(at("10:00"), 5), REVOKED, client=GONE)
    assert told.answer.state is State.WELL
    assert told.answer.sentences == (
        "Nothing was refused: its last call, at 10:04, was answered with 200.",
        "Alice Moss revoked it at 14:31: its next call will be refused. It has not called since.",
    )
    assert not any(isinstance(line, ChangeLine) and line.blamed for line in told.lines)
    expired = replace(CLIENT, details=replace(CLIENT.details, expires=date(2026, 11, 1)))
    assert "Its last day was 1 Nov" in story([], client=expired).answer.sentences[1]


def test_of_changes_before_the_dates_only_the_cause_is_shown() -> None:
    old = change("token.copied", at("09:00", days_ago=60))
    revoked = change("api_client.revoked", at("09:00", days_ago=40))
    calls = requests(at("10:00"), 2, RefusalCode.REVOKED)
    told = tell(CLIENT.reference, CLIENT, calls, [old, revoked], CALENDAR, since=at("00:00", days_ago=30))
    assert [line.event for line in told.lines if isinstance(line, ChangeLine)] == [revoked]


def test_requests_that_are_not_read_are_counted() -> None:
    calls = requests(at("10:00"), 3, RefusalCode.REVOKED)
    told = tell(CLIENT.reference, CLIENT, calls, [], CALENDAR, earlier=9_000, gap_before=calls[1].id)
    assert (told.requests, told.earlier) == (9_003, 9_000)
    assert told.answer.sentences[1].startswith("more than 3 calls were refused")


@given(
    st.lists(
        st.tuples(
            st.integers(1, 100),
            st.sampled_from([None, None, *RefusalCode]),
            st.sampled_from([None, None, "api_client.revoked", "api_client.updated", "token.rotated", "token.ended"]),
        ),
        max_size=30,
    )
)
def test_no_change_is_marked_without_refusals_and_every_event_is_on_the_line(
    steps: list[tuple[int, RefusalCode | None, str | None]],
) -> None:
    moment, calls, changes = at("00:00", days_ago=3), [], []
    for minutes, refusal, tag in steps:
        moment = moment.replace(microsecond=0) + minutes * (at("00:01") - at("00:00"))
        if tag is None:
            calls.append(request(moment, refusal))
        else:
            changes.append(change(tag, moment))
    told = story(calls, *changes)
    marked = [line for line in told.lines if isinstance(line, ChangeLine) and line.blamed is not None]
    refused = [line for line in told.lines if isinstance(line, RunLine) and line.run.is_refused]
    assert {line.event.id for line in marked} == {
        line.cause.change.id for line in refused if line.cause is not None and line.cause.change is not None
    }
    assert all(line.blamed and line.blamed.likelihood is not Likelihood.NONE for line in marked)
    assert [line.at for line in told.lines] == sorted((line.at for line in told.lines), reverse=True)
    assert len([line for line in told.lines if isinstance(line, ChangeLine)]) == len(changes)
    if told.answer.state in (State.STOPPED, State.PARTLY):
        assert any(line.run.is_proven for line in refused)

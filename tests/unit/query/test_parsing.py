import time

import pytest
from hypothesis import example, given, settings

from data.errors import QueryError
from data.query import Clause, Key, Pattern, parse_query, print_query
from data.query.lexing import MOST_CHARACTERS
from tests.unit.query.queries import texts


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", "last:30d"),
        ("last:all", "last:all"),
        ("  LAST:ALL   Outcome:DENIED ", "last:all outcome:denied"),
        ('actor:"Alice Moss",bob last:all', 'actor:"Alice Moss",bob last:all'),
        ("actor:a actor:b last:all", "actor:a actor:b last:all"),
        (r"actor:Alice\ Moss last:all", 'actor:"Alice Moss" last:all'),
        ("type:token.** last:all", "type:token.* last:all"),
        ("-client:x -word -during:today", "-client:x -word -during:today"),
        ("monthly report", "monthly report last:30d"),
        ('"monthly report"', '"monthly report" last:30d'),
        ('"client:x"', '"client:x" last:30d'),
        (r"client\:x", '"client:x" last:30d'),
        ("tab:a* outcome:*ed,success last:1d", "tab:a* outcome:*ed,success last:1d"),
        ("ip:2001:DB8:0::1,::ffff:198.51.100.7,10.1.2.3/8", "ip:2001:db8::1,198.51.100.7,10.0.0.0/8 last:30d"),
        ("ip:host.example,198.51.*", "ip:host.example,198.51.* last:30d"),
        ("duration:>500ms,100ms..2s,250 last:1h", "duration:>500ms,100ms..2s,250ms last:1h"),
        ("has:Changes,reason,ip,duration last:1h", "has:changes,reason,ip,duration last:1h"),
        ("request:Ab session:Cd* token:Ef last:2w", "request:Ab session:Cd* token:Ef last:2w"),
        ("id:018C2F3E5A707D3A9C1B0242AC120002", "id:018c2f3e-5a70-7d3a-9c1b-0242ac120002"),
        ("id:018C2F3E-*", "id:018c2f3e-*"),
        ("id:a*-*b,*-*", "id:a*b,*"),
        ("-id:a*", "-id:a* last:30d"),
        ("after:2026-11-20T10:00:00.5+01:00 before:Today", "after:2026-11-20t10:00:00.5+01:00 before:today"),
        ("during:2026-Q3,Yesterday,2026..TODAY", "during:2026-q3,yesterday,2026..today"),
        ("last:007D", "last:7d"),
    ],
)
def test_a_text_prints_in_its_one_form(text: str, printed: str) -> None:
    assert print_query(parse_query(text)) == printed


def test_a_star_is_a_star_in_free_text() -> None:
    for text in ("a*b", r"a\*b", '"a*b"'):
        assert parse_query(text).clauses[0] == Clause(Key.TEXT, (Pattern.literal("a*b"),))


_KEYS = (
    "type, tab, outcome, actor, client, target, action, service, ip, duration, id, request, session, token, has, "
    "in, after, before, during, last"
)


@pytest.mark.parametrize(
    ("text", "wrong", "problem", "hint"),
    [
        ("last:all [actr]:bob", "actr", "Unknown key actr", f"Did you mean actor? Keys are {_KEYS}. "),
        ("[actr]:bob", "actr", "Unknown key actr", 'put it in quotes: "actr:bob".'),
        ("-[http]://example", "http", "Unknown key http", 'put it in quotes: "http://example".'),
        ("[text]:a", "text", "Unknown key text", _KEYS),
        ("[:]a", ":", "No key", 'put it in quotes: ":a".'),
        ("x [-]", "-", "Nothing stands after the minus", '"-"'),
        ('[""]', '""', "nothing in these quotes", "a word"),
        ('-[""]', '""', "nothing in these quotes", "a word"),
        ("actor[:]", ":", "A value of actor is missing", '"Alice Moss"'),
        ("actor:a,[,]b", ",", "A value of actor is missing", '"Alice Moss"'),
        ("actor:[,]b", ",", "A value of actor is missing", '"Alice Moss"'),
        ("actor:a[,]", ",", "A value of actor is missing", '"Alice Moss"'),
        ('actor:a,[""],b', '""', "A value of actor is missing", '"Alice Moss"'),
        ("outcome:[suces]", "suces", "Unknown outcome suces", "Did you mean success? One of success, failure, denied."),
        ("outcome:denied,[x*]", "x*", "Unknown outcome x*", "One of success, failure, denied."),
        (r"outcome:[\*]", "*", "Unknown outcome *", "One of success, failure, denied."),
        ("tab:[user]", "user", "Unknown tab user", "Did you mean users? One of admin, users, requests."),
        (
            "has:[change]",
            "change",
            "cannot ask for change",
            "Did you mean changes? One of changes, reason, ip, duration, hostile.",
        ),
        ("has:[*]", "*", "cannot ask for *", "One of changes, reason, ip, duration, hostile."),
        ("in:[trash]", "trash", "in cannot ask for trash", "in:archive answers archived events, too"),
        ("in:[*]", "*", "in cannot ask for *", "in:archive"),
        ("in[:]", ":", "A value of in is missing", "One of archive."),
        ("in:archive[,archive]", "", "in takes one value", ""),
        ("[-in]:archive", "", "in cannot be excluded", "Without in:archive, no archived event is answered."),
        ("ip:[10.0.0.0/33]", "", "not a network", "198.51.100.0/24"),
        ("ip:10.0.0.1,[10.*/8]", "", "not a network", "198.51.100.0/24"),
        ("duration:[fast]", "", "fast is not a duration", ">500ms, >=2s, <1m, <=1.5s, 100ms..2s, 250"),
        ("duration:5,[<0]", "", "shorter than nothing", "duration:0ms"),
        ("duration:[2s..1s]", "", "ends before it begins", "1s..2s"),
        ("id:[018c]", "", "018c is not a whole id", "018c*"),
        ("id:[xyz*]", "", "not an event's id", "hexadecimal"),
        ("id:[-]", "", "not a whole id", "32 hexadecimal"),
        ("after:[soon]", "", "soon is not a time", "One of today, yesterday, last-week, last-month, last-quarter"),
        ("after:[2026-02-30]", "", "not in the calendar", "2026-11-20"),
        ("before:[1969]", "", "out of reach", "1970 to 9998"),
        ("after:[2026..2027]", "", "after takes one moment", "during:2026..2027"),
        ("after:2026[,2027]", "", "after takes one value", "during:"),
        ("last:1d[,2d]", "", "last takes one value", "during:"),
        ("during:[2027..2026]", "", "ends before it begins", "2026..2027"),
        ("during:today,[2026..]", "", "Nothing is not a time", "yesterday"),
        ("last:[0d]", "", "0d is not a stretch", "One of all, or written like 90m, 24h, 7d, 2w."),
        ("last:[30]", "", "30 is not a stretch", "7d"),
        ("[-last]:3d", "", "last cannot be excluded", "before:"),
        ("[-after]:today", "", "after cannot be excluded", "before:"),
        ("x [-before]:today", "", "before cannot be excluded", "after:"),
    ],
)
def test_an_error_names_its_place_and_what_would_be_right(text: str, wrong: str, problem: str, hint: str) -> None:
    # The brackets show the place.
    position, end = text.index("["), text.rindex("]") - 1
    typed = text.replace("[", "").replace("]", "")
    with pytest.raises(QueryError) as caught:
        parse_query(typed)
    error = caught.value
    assert (error.position, error.end) == (position, end)
    assert error.text == typed
    assert problem in error.problem
    assert hint in error.hint


def test_a_long_value_is_cut_in_the_error() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("x" * 2000 + ":y")
    assert len(str(caught.value)) < 400
    assert (caught.value.position, caught.value.end) == (0, 2000)


def test_a_query_that_grows_too_long_by_being_written_out_is_refused() -> None:
    assert len(print_query(parse_query("a" * (MOST_CHARACTERS - 9)))) == MOST_CHARACTERS
    with pytest.raises(QueryError, match="4,097 characters") as caught:
        parse_query("a" * (MOST_CHARACTERS - 8))
    assert (caught.value.position, caught.value.end) == (0, MOST_CHARACTERS - 8)


@settings(deadline=None, max_examples=1500)
@given(texts)
@example("ip:fe80::1%a/64")
@example("during:2026-10-25t02:30..2026")
@example("last:999999999w")
@example("id:*-*-*")
@example("ip:::ffff:1.2.3.4%x")
@example("-\\--:")
def test_any_text_parses_to_what_it_prints_or_is_a_query_error(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as error:
        assert error.text == text
        assert 0 <= error.position < error.end <= len(text)
        return
    printed = print_query(query)
    assert parse_query(printed) == query
    assert print_query(parse_query(printed)) == printed


@pytest.mark.parametrize(
    "run",
    [
        '"',
        "*",
        "\\",
        "a*",
        '"*',
        '\\"',
        "-",
        ":",
        ",",
        "a:",
        "actor:*a",
        "x ",
        "9",
        "id:",
        "duration:9",
        "during:2026..",
    ],
)
@pytest.mark.parametrize("prefix", ["", "actor:", "id:", "ip:", "duration:", "during:", "last:", "has:", "outcome:"])
def test_the_longest_texts_are_answered_at_once(prefix: str, run: str) -> None:
    text = (prefix + run * MOST_CHARACTERS)[:MOST_CHARACTERS]
    began = time.process_time()
    try:
        print_query(parse_query(text))
    except QueryError as error:
        assert 0 <= error.position < error.end <= MOST_CHARACTERS
    assert time.process_time() - began < 1

"""What is stored, named or typed never drives the terminal, whichever command tells of it."""

import json
import logging
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.caller import COMMAND_LINE
from data.holds import query_to_hold
from data.hostile import holds_hostile
from data.oplog import LOGGER_NAME
from data.query import Clause, EventQuery, Key, Pattern, parse_query, print_query
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import Ran, Runner
from tests.functional.cli.made_up_clients import BO, change, make_client, opened
from tests.functional.cli.made_up_log import HOSTILE, START, fill
from tests.hostile_draft import hostile_draft
from tui.commands.command import Command
from tui.subcommands import COMMANDS

_NUMBERS = count()
"""What makes names differ that have to."""

NAME = HOSTILE.replace("\x00", "").replace("/", "")
"""As much of it as a file's name can hold."""


@dataclass(frozen=True)
class Place:
    """A log in which everything is hostile, in a file with such a name, and what else commands can be given."""

    database: Path
    folder: Path
    event_id: str


@dataclass(frozen=True)
class Tries:
    """Command lines of one command, without its name and the database: right ones, of which each has results, and wrong ones.

    `{event_id}` and `{folder}` are fields of a `Place`; for the others see `_filled_word`. `ending` stands in every line
    of a command that otherwise runs until it is told to end.
    """

    right: tuple[tuple[str, ...], ...] = ()
    wrong: tuple[tuple[str, ...], ...] = ()
    prepare: Callable[[Place], object] = field(default=lambda _: None)
    ending: tuple[str, ...] = ()


def _write_records(place: Place) -> None:
    good = {"type": NAME, "occurred_at": "2026-01-01T00:00:00Z", "reason": HOSTILE, "actor": {"type": "system"}}
    bad = {**good, "outcome": HOSTILE, HOSTILE: HOSTILE}
    lines = (json.dumps(good), json.dumps(bad), "{" + HOSTILE.replace("\n", ""), '{"type": "\\ud800"}')
    _records(place).write_text("\n".join(lines), encoding="utf-8")


def _hold(place: Place) -> str:
    """A hold as another program may have written it; its id."""
    with opened(place.database) as log:
        hold = log.holds.place(log.caller(COMMAND_LINE), query_to_hold("last:all"), "a dispute")
    odd = HOSTILE.replace("\x00", "")
    change(place.database, "UPDATE hold SET query = ?, reason = ?", f'"{odd}"', odd)
    return str(hold.id)


def _save_view(place: Place) -> None:
    query = parse_query(print_query(EventQuery((Clause(Key.ACTOR, (Pattern.literal(HOSTILE.replace("\x00", "")),)),))))
    with closing(AuditLog(str(place.database), ZoneInfo("UTC"))) as log:
        log.views.save("gnp.\u202eexe\u2066", query, shared=True)


def _add_request(place: Place) -> None:
    with opened(place.database) as log:
        log.requests.append([hostile_draft(HOSTILE, START)])


def _make_hostile_client(place: Place) -> str:
    """A client as another program may have written it, with a token that was replaced; the id of the client."""
    made = make_client(place.database, f"Client {next(_NUMBERS)}")
    with opened(place.database) as log:
        log.clients.rotate(BO, made.client.id)
        log.clients.end_token(BO, made.client.id, log.clients.find(made.client.id).tokens[1].public_id, "not needed")
    odd = HOSTILE.replace("\x00", "")
    change(
        place.database,
        "UPDATE api_client SET name = ?, description = ?, owner = ?, scopes = ?, networks = ? WHERE id = ?",
        *(f"{odd}{next(_NUMBERS)}", odd, odd, odd, odd, made.client.id),
    )
    change(place.database, "UPDATE token SET end_reason = ? WHERE end_reason IS NOT NULL", odd)
    change(place.database, "INSERT INTO token_use VALUES (?, ?, ?)", made.token.public_id, 1_790_000_000_000_000, odd)
    return made.client.id


def _invite_hostile(place: Place) -> None:
    """An invitation as another program may have written it, by somebody of any name, whose mail failed for any reason."""
    with opened(place.database) as log:
        log.invitations.invite(log.caller(COMMAND_LINE), ["ruth@example.net"], ["support"])
    odd = HOSTILE.replace("\x00", "")
    change(place.database, "UPDATE invitation SET email = ?, invited_by_name = ?, last_error = ?", odd, odd, odd)


def _filled_in(words: tuple[str, ...], place: Place) -> list[str]:
    """The words with their fields; a client or a token is a new one for each line, because some lines end theirs."""
    return [_filled_word(word, place) for word in words]


def _filled_word(word: str, place: Place) -> str:
    if word == "{any}":  # for lines that must change none
        with opened(place.database) as log:
            return log.clients.all().clients[0].id
    if word in ("{client}", "{hostile}", "{replaced}"):
        client_id = _make_hostile_client(place)
        if word == "{client}":
            change(place.database, "UPDATE api_client SET name = ? WHERE id = ?", f"Client {next(_NUMBERS)}", client_id)
        with opened(place.database) as log:
            return log.clients.find(client_id).tokens[0].public_id if word == "{replaced}" else client_id
    if word == "{hold}":
        return _hold(place)
    fields = {"{event_id}": place.event_id, "{folder}": str(place.folder), "{fresh}": f"Client {next(_NUMBERS)}"}
    fields["{address}"] = f"ruth{next(_NUMBERS)}@example.net"
    for name, value in fields.items():
        word = word.replace(name, value)
    return word


def _records(place: Place) -> Path:
    return place.folder / f"{NAME}.jsonl"


_DETAILS = ("--owner", "--description", "--scopes", "--networks", "--expires")
_WRONG_CLIENTS = ((HOSTILE,), ("\udcff",))

TRIES = {
    "events": Tries(
        right=(
            ("last:all",),
            ("last:all", "--limit", "1", "--total"),
            ("last:all", "--count"),
            ("has:hostile", "last:all"),
        ),
        wrong=(
            (f"colour:{HOSTILE}",),
            (f'actor:"{HOSTILE}"',),
            (f"{NAME}\udcff", "last:all"),
            ("last:all", "--cursor", HOSTILE),
            ("--sort", HOSTILE),
            ("--limit", HOSTILE),
            ("--view", HOSTILE),
            ("--view", "\udcff"),
        ),
    ),
    "event": Tries(right=(("{event_id}",),), wrong=((HOSTILE,), ("\udcff",), ("{event_id}", HOSTILE))),
    "requests": Tries(
        right=(
            ("last:all",),
            ("last:all", "--limit", "1", "--total"),
            ("last:all", "--count"),
            *(("last:all", "--by", word) for word in ("client", "service", "action")),
        ),
        wrong=(
            (f"colour:{HOSTILE}",),
            ("last:all", "--cursor", HOSTILE),
            (f"{NAME}\udcff", "last:all"),
            ("--by", HOSTILE),
            ("--unusual",),
        ),
        prepare=_add_request,
    ),
    "clients": Tries(
        right=((), ("--all",), ("--expiring", "2y"), ("--status", "active,expiring")),
        wrong=(("--expiring", HOSTILE), ("--status", HOSTILE), (HOSTILE,)),
        prepare=_make_hostile_client,
    ),
    "client show": Tries(right=(("{client}",),), wrong=_WRONG_CLIENTS, prepare=_make_hostile_client),
    "client create": Tries(
        right=(("{fresh}", "--token"),),
        wrong=(
            (HOSTILE, "--token"),
            ("\udcff", "--token"),
            *(("Mailer", "--token", option, text) for option in _DETAILS for text in (HOSTILE, "\udcff")),
            (HOSTILE,),
        ),
        prepare=_make_hostile_client,
    ),
    "client edit": Tries(
        right=(
            ("{hostile}", "--name", "{fresh}", "--owner", "", "--description", "", "--scopes", "", "--networks", ""),
        ),
        wrong=(
            *((*words, "--owner", "Cy") for words in _WRONG_CLIENTS),
            *(("{any}", option, text) for option in ("--name", *_DETAILS) for text in (HOSTILE, "\udcff")),
        ),
        prepare=_make_hostile_client,
    ),
    "client rotate": Tries(
        right=(
            ("{client}", "--token"),
            ("{client}", "--token", "--at-once"),
            ("{client}", "--token", "--overlap", "3"),
        ),
        wrong=(*((*words, "--token") for words in _WRONG_CLIENTS), ("{any}", "--token", "--overlap", HOSTILE)),
        prepare=_make_hostile_client,
    ),
    "client issue": Tries(
        right=(("{hostile}", "--token"),),
        wrong=((("{client}",), *((*words, "--token") for words in _WRONG_CLIENTS))),
        prepare=_make_hostile_client,
    ),
    "client prolong": Tries(
        right=(("{replaced}", "--until", "14d"),),
        wrong=(
            *((*words, "--until", "14d") for words in _WRONG_CLIENTS),
            ("{replaced}", "--until", HOSTILE),
            ("{replaced}", "--until", "\udcff"),
        ),
        prepare=_make_hostile_client,
    ),
    "client end-token": Tries(
        right=(("{replaced}", "--reason", "leaked"),),
        wrong=(
            *((*words, "--reason", "leaked") for words in _WRONG_CLIENTS),
            ("{replaced}", "--reason", HOSTILE),
            ("{replaced}", "--reason", "\udcff"),
        ),
        prepare=_make_hostile_client,
    ),
    "client revoke": Tries(
        right=(("{hostile}", "--reason", "leaked"),),
        wrong=(
            *((*words, "--reason", "leaked") for words in _WRONG_CLIENTS),
            ("{any}", "--reason", HOSTILE),
            ("{any}", "--reason", "\udcff"),
        ),
        prepare=_make_hostile_client,
    ),
    "client delete": Tries(
        right=(("{hostile}", "--reason", "leaked", "--yes"),),
        wrong=(
            *((*words, "--reason", "leaked", "--yes") for words in _WRONG_CLIENTS),
            ("{any}", "--reason", HOSTILE, "--yes"),
            ("{any}", "--reason", "leaked"),
        ),
        prepare=_make_hostile_client,
    ),
    "token inspect": Tries(
        right=(("{replaced}",),), wrong=((HOSTILE,), ("\udcff",), ("-",)), prepare=_make_hostile_client
    ),
    "export": Tries(
        right=(("last:all",), ("has:hostile", "last:all")),
        wrong=((f"colour:{HOSTILE}",), (f"{NAME}\udcff", "last:all"), ("--format", HOSTILE)),
    ),
    "invite": Tries(
        right=(("{address}",), ("{address}", "--role", "Support")),
        wrong=(
            (HOSTILE,),
            ("\udcff",),
            *(("new@example.net", option, text) for option in ("--role", "--group") for text in (HOSTILE, "\udcff")),
        ),
    ),
    "invitations": Tries(right=((),), wrong=((HOSTILE,),), prepare=_invite_hostile),
    # Without a code on standard input nobody joins; whose account it is, an embedded database knows by itself.
    "join": Tries(wrong=((), ("--name", HOSTILE), (HOSTILE,))),
    "ssh-keys": Tries(wrong=((), (HOSTILE, HOSTILE, HOSTILE), ("\udcff", "ssh-ed25519", "\udcff"))),
    "filters": Tries(right=((),), wrong=((HOSTILE,),)),
    "import": Tries(
        right=(("{folder}/" + NAME + ".jsonl", "--rejects", "{folder}/" + NAME + "-rejects"),),
        wrong=(
            ("{folder}/" + NAME + ".missing",),
            ("{folder}/\udcff.missing",),
            ("{folder}",),
            ("-", HOSTILE),
            ("-", "-"),
        ),
        prepare=_write_records,
    ),
    "demo": Tries(wrong=((), ("--seed", HOSTILE), ("--days-end", HOSTILE), (HOSTILE,))),
    "policy": Tries(
        right=((),),
        wrong=(("set", "zone", HOSTILE), ("set", HOSTILE, "1"), ("set", "scopes", "\udcff"), (HOSTILE,)),
    ),
    "keeper": Tries(wrong=((), (HOSTILE,)), prepare=_make_hostile_client, ending=("--once",)),
    "verify": Tries(right=((), ("--new",), ("--json",)), wrong=((HOSTILE,),)),
    "gateway": Tries(wrong=((), ("--listen", f"unix:/nowhere/{NAME}"), (HOSTILE,)), ending=("--listen", HOSTILE)),
    "db upgrade": Tries(right=((),), wrong=(("--grant", HOSTILE), (HOSTILE,))),
    "db roles": Tries(wrong=((), ("--prefix", HOSTILE), ("--prefix", HOSTILE, "--apply"), (HOSTILE,))),
    "db status": Tries(right=((),), wrong=((HOSTILE,),)),
    "views": Tries(right=((),), wrong=((HOSTILE,),), prepare=_save_view),
    "settings": Tries(right=((),), wrong=((HOSTILE,),)),
    "hold place": Tries(
        right=(("actor:x", "--reason", "why"), ("--client", "{hostile}", "--reason", "why")),
        wrong=(
            (HOSTILE, "--reason", HOSTILE),
            ("last:all", "--reason", HOSTILE),
            ("--client", HOSTILE, "--reason", "x"),
            ("last:all", "--reason", "\udcff"),
        ),
    ),
    "hold lift": Tries(
        right=(("{hold}", "--reason", "why"),),
        wrong=((HOSTILE, "--reason", "x"), ("{hold}", "--reason", HOSTILE), ("{hold}", "--reason", "\udcff")),
    ),
    "hold list": Tries(right=((),), wrong=((HOSTILE,),), prepare=_hold),
}
"""Each command by its words. A new one needs an entry, or the first test fails."""

EVERYWHERE = (
    ("--zone", HOSTILE),
    ("--zone", "\udcff"),
    ("--theme", HOSTILE),
    ("--settings", f"/nowhere/{NAME}"),
    ("--database", f"/nowhere/{NAME}\udcff/audit.db"),
    ("--database", f"nosuch{NAME}://{HOSTILE}@{HOSTILE}/{HOSTILE}"),
    (f"--{HOSTILE}",),
)
"""Wrong words that any command can be given."""


def _commands() -> Iterator[tuple[str, Command]]:
    for entry in COMMANDS:
        if isinstance(entry, Command):
            yield entry.name, entry
        else:
            yield from ((f"{entry.name} {command.name}", command) for command in entry.commands)


def _takes_json(command: Command) -> bool:
    parser = ArgumentParser()
    command.add_arguments(parser)
    return "--json" in parser.format_help()


@pytest.fixture
def place(database: Path, tmp_path: Path, run: Runner, monkeypatch: pytest.MonkeyPatch) -> Place:
    folder = tmp_path / NAME
    folder.mkdir()
    hostile = folder / f"{NAME}.db"
    fill(hostile, [hostile_draft(HOSTILE, START)])
    monkeypatch.setenv("AUDITDECK_DATABASE", str(hostile))
    (item,) = run("events", "last:all", "--json").json["items"]
    return Place(hostile, folder, str(item["id"]))


def _assert_harmless(ran: Ran) -> None:
    """Nothing but the lines' own ends is written that could drive a terminal."""
    for line in (*ran.out.split("\n"), *ran.err.split("\n")):
        assert not holds_hostile(line), line


def test_the_fixture_is_hostile() -> None:
    assert set(HOSTILE) >= set("\x00\x07\x1b\r\x7f\x9b\u202e\u2066\u2069")
    assert holds_hostile(NAME)


def test_every_command_is_tried() -> None:
    assert set(TRIES) == {name for name, _ in _commands()}


@pytest.mark.parametrize("name", TRIES)
def test_what_a_command_says_drives_no_terminal(run: Runner, place: Place, name: str) -> None:
    tries, command = TRIES[name], dict(_commands())[name]
    tries.prepare(place)
    for words in tries.right:
        ran = run(*name.split(), *_filled_in(words, place))
        assert ran.status in (0, 3) and ran.out, ran
        _assert_harmless(ran)
        if _takes_json(command):
            ran = run(*name.split(), *_filled_in(words, place), "--json")
            assert ran.json is not None
            _assert_harmless(ran)
    for words in (*tries.wrong, *EVERYWHERE):
        ran = run(*name.split(), *tries.ending, *_filled_in(words, place))
        _assert_harmless(ran)
        if _takes_json(command):
            _assert_harmless(run(*name.split(), *tries.ending, *_filled_in(words, place), "--json"))


@pytest.mark.parametrize("words", [(HOSTILE,), ("--query", f"colour:{HOSTILE}"), ("--query",), *EVERYWHERE])
def test_nor_does_the_command_line_without_a_command(run: Runner, place: Place, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert ran.status in (1, 2) and ran.err
    _assert_harmless(ran)


@pytest.mark.parametrize("name", TRIES)
def test_no_command_stumbles_over_a_path_that_is_no_utf8(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("AUDITDECK_DATABASE", str(tmp_path / "\udcff.db"))
    monkeypatch.setenv("AUDITDECK_SETTINGS", "")
    for words in TRIES[name].right:
        for flags in ((), ("--json",)):
            ran = run(*name.split(), *words, *flags)
            assert ran.status != 70, ran.err
            _assert_harmless(ran)


def test_settings_from_a_file_are_shown_harmless(run: Runner, place: Place) -> None:
    file = place.folder / f"{NAME}.toml"
    odd = json.dumps(NAME)
    file.write_text(f"database = {odd}\n[keys]\n{odd} = {odd}\n'log.find' = [{odd}]\n", encoding="utf-8")
    for words in (("settings",), ("settings", "--json")):
        _assert_harmless(run(*words, "--settings", str(file)))
    file.write_text(f"{json.dumps(NAME)} = 1\nzone = {json.dumps(NAME)}\n", encoding="utf-8")
    ran = run("settings", "--settings", str(file))
    assert ran.status == 1 and ran.err
    _assert_harmless(ran)


def test_what_nobody_expected_is_told_and_logged_harmless(
    run: Runner, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> int:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr(AuditLog, "count", fail)
    ran = run("events", "--count")
    logging.getLogger(LOGGER_NAME).warning("%s", HOSTILE)
    assert ran.status == 70
    _assert_harmless(ran)
    written = (tmp_path / "operational.log").read_text(encoding="utf-8")
    assert "RuntimeError" in written
    assert not any(map(holds_hostile, written.split("\n")))


def test_rejects_are_harmless_to_look_at(run: Runner, place: Place) -> None:
    _write_records(place)
    rejects = place.folder / "rejects"
    ran = run("import", str(_records(place)), "--rejects", str(rejects), "--json")
    assert (ran.status, ran.json["added"], ran.json["rejected"]) == (3, 1, 3)
    *lines, end = rejects.read_text(encoding="utf-8").split("\n")
    assert not any(map(holds_hostile, lines)) and end == ""
    kept = [json.loads(line) for line in lines]
    assert {one["file"] for one in kept} == {str(_records(place))}
    assert "{" + HOSTILE.replace("\n", "") in {one["raw"] for one in kept}
    assert any("surrogate" in one["reason"] for one in kept)


def test_plain_text_makes_it_visible(run: Runner, place: Place) -> None:
    for words in (("events", "last:all"), ("event", place.event_id)):
        ran = run(*words)
        assert "⟨U+202E⟩" in ran.out and "␛" in ran.out


def test_one_event_stays_one_line(run: Runner, place: Place) -> None:
    assert len(run("events", "last:all").out.split("\n")) == 2


def test_json_keeps_its_meaning(run: Runner, place: Place) -> None:
    for words in (("events", "last:all", "--json"), ("event", place.event_id, "--json")):
        out = run(*words).out
        assert json.dumps(HOSTILE) in json.dumps(json.loads(out))

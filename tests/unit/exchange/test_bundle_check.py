"""Tests of data.exchange.bundle_check: a bundle holds as it was written, and in no other way."""

import json
import re
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.exchange.bundle import as_line
from data.exchange.bundle_check import CheckedBundle, NoBundle, check_bundle
from data.hostile import holds_hostile
from data.merkle.checkpoints import Checkpoint, origin_of, sealed
from data.merkle.notes import Signer
from data.merkle.tree import leaf_hash
from tests.made_up_bundle import ERASED, EVENTS, LOG, ended, made_up_bundle, made_up_event

SIGNER = Signer.generate(origin_of(LOG))
GOOD = made_up_bundle(SIGNER)
_ROOT = "A" * 43 + "="
_STEP = 3
"""Of the bytes, every so manieth is changed."""
_README = Path(__file__).parents[3] / "README.md"
_SCRIPT = re.compile(r"```python\n(\"\"\"Check a bundle.*?)```", re.DOTALL)

Edit = Callable[[dict[str, Any]], object]


def script() -> str:
    """What the README shows for whoever has no auditdeck."""
    found = _SCRIPT.search(_README.read_text(encoding="utf-8"))
    assert found is not None, "the README has no script"
    return found[1]


def load_script() -> Callable[[list[bytes]], object]:
    """What checks lines in that script; None of what does not hold."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(script(), str(_README), "exec"), names)  # noqa: S102

    def check(lines: list[bytes]) -> object:
        try:
            return names["check"](lines)
        except ValueError:
            return None

    return check


SCRIPT_CHECK = load_script()


def holds(lines: list[bytes], *, is_odd: bool = False) -> bool:
    """Whether both say that it holds: ours, and the script, which are to say the same.

    The script need not mind what is odd about a bundle, and true all the same.
    """
    try:
        ours = check_bundle(lines).holds
    except NoBundle:
        ours = False
    theirs = SCRIPT_CHECK(b"".join(lines).splitlines(keepends=True)) is not None
    assert ours == theirs or (is_odd and theirs)
    return ours


def edited(number: int, edit: Edit) -> list[bytes]:
    """The bundle with one line's record changed, by somebody who knows how a bundle ends."""
    lines = GOOD[:-1]
    record = json.loads(lines[number])
    edit(record)
    lines[number] = as_line(record) + b"\n"
    return ended(lines)


def wrong(lines: list[bytes], *, is_odd: bool = False) -> CheckedBundle:
    found = check_bundle(lines)
    assert found.finding is not None and not holds(lines, is_odd=is_odd)
    return found


def test_one_that_is_as_it_was_written_holds() -> None:
    assert holds(GOOD)
    found = check_bundle(GOOD, SIGNER.verifier)
    assert (found.count, found.erased, found.unsealed) == (EVENTS, 1, 2)
    assert found.head is not None and found.head.query == "last:all" and found.head.key == str(SIGNER.verifier)
    whole = b"".join(GOOD)
    assert not holds_hostile(whole.decode().replace("\n", ""))
    for size in (1, 7, 1_000, len(whole)):
        assert check_bundle(whole[at : at + size] for at in range(0, len(whole), size)) == found


def test_no_byte_can_be_another_by_accident() -> None:
    whole = b"".join(GOOD)
    for at in range(0, len(whole), _STEP):
        assert not holds(altered(whole, at)), at
    for at in range(len(whole) - len(GOOD[-1]), len(whole)):
        assert not holds(altered(whole, at)), at


def test_no_byte_of_an_event_nor_of_the_proof_can_be_another_on_purpose() -> None:
    """Not even where the last line is made anew; it is known what no proof is about."""
    whole = b"".join(GOOD[:-1])
    first = len(GOOD[0])
    free_from = GOOD[0].index(b'"query"')
    for at in (*range(1, free_from, _STEP), *range(first + 1, len(whole), _STEP)):
        assert not holds(ended(b"".join(altered(whole, at)).splitlines(keepends=True))), at


def altered(whole: bytes, at: int) -> list[bytes]:
    return [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]]


def test_nothing_may_be_cut_off() -> None:
    whole = b"".join(GOOD)
    for at in (*range(0, len(whole), 5 * _STEP), len(whole) - 1, len(whole) - 2):
        assert not holds([whole[:at]]), at
    assert wrong(GOOD[:-1]).finding == check_bundle(GOOD[:-1]).finding
    finding = wrong(GOOD[:-1]).finding
    assert finding is not None and "ends too early" in finding.sentence and finding.line == EVENTS + 2


@pytest.mark.parametrize("is_made_anew", [False, True])
def test_lines_are_all_there_once_and_in_order(is_made_anew: bool) -> None:
    events = range(1, EVENTS + 1)

    def changed(lines: list[bytes]) -> list[bytes]:
        return ended(lines[:-1]) if is_made_anew else lines

    for number in events[:-1]:
        if not is_made_anew:  # that none was left out, no bundle proves
            assert not holds([*GOOD[:number], *GOOD[number + 1 :]])
        assert not holds(changed([*GOOD[:number], GOOD[number + 1], GOOD[number], *GOOD[number + 2 :]]))
    for number in events:
        assert not holds(changed([*GOOD[: number + 1], GOOD[number], *GOOD[number + 1 :]]))
        assert not holds(changed([*GOOD[:number], b"\n", *GOOD[number:]]))
    assert holds(changed([*GOOD[:-2], GOOD[-1]])) == is_made_anew
    for more in (b"\n", b" ", GOOD[-1], GOOD[1]):
        assert not holds([*GOOD, more])


def test_the_same_event_again_is_none_more() -> None:
    again = as_line({**json.loads(GOOD[3]), "path": []}) + b"\n"
    found = wrong(ended([*GOOD[:4], again, *GOOD[4:-1]]))
    assert found.finding is not None and found.finding.sentence == "It is there twice." and found.finding.line == 5


def test_the_order_is_the_one_that_the_first_line_names() -> None:
    found = wrong(edited(0, lambda head: head.update(sort="desc")))
    assert found.finding is not None and "stands before" in found.finding.sentence and found.finding.line == 3


@pytest.mark.parametrize("change", [{"count": 4}, {"count": 6}, {"unsealed": 0}, {"unsealed": -1}, {"end": False}])
def test_the_last_line_says_what_there_is(change: dict[str, object]) -> None:
    assert not holds([*GOOD[:-1], as_line({**json.loads(GOOD[-1]), **change}) + b"\n"])


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda event: event.update(body=event["body"].replace("c-0", "c-9")), "not what was sealed"),
        (lambda event: event.update(place=1), "not what was sealed"),
        (lambda event: event.update(place=10**9), "not what was sealed"),
        (lambda event: event.update(path=event["path"][::-1]), "not what was sealed"),
        (lambda event: event.update(path=[*event["path"], event["path"][0]]), "not what was sealed"),
        (lambda event: event.update(path="none"), "not what was sealed"),
        (lambda event: event.update(personal=event["personal"].replace("Moss", "Mose")), "its body vouches for"),
        (lambda event: event.update(salt="AAAAAAAAAAAAAAAAAAAAAQ=="), "its body vouches for"),
        (lambda event: event.update(salt=""), "not written as"),
        (lambda event: event.pop("salt"), "other parts"),
        (lambda event: event.update(erased=True), "other parts"),
        (lambda event: event.pop("body"), "no event"),
        (lambda event: event.update(place=True), "no event"),
        (lambda event: event.update(place=0.0), "no event"),
    ],
)
def test_an_event_that_was_altered_is_named(edit: Edit, sentence: str) -> None:
    found = wrong(edited(1, edit), is_odd=sentence == "other parts")
    assert found.finding is not None and sentence in found.finding.sentence
    assert (found.finding.line, found.count) == (2, 0)
    if "no event" not in sentence:
        assert found.finding.id == json.loads(made_up_event(0).body)["id"] and found.finding.place is not None


def test_no_byte_goes_from_the_salt_to_the_personal_part() -> None:
    """What is hashed would be the same."""

    def edit(event: dict[str, Any]) -> None:
        event["salt"], event["personal"] = "AAAAAAAAAAAAAAAAAAAA", "\0" + event["personal"]

    found = wrong(edited(1, edit))
    assert found.finding is not None and "not written as" in found.finding.sentence


def test_an_erased_personal_part_does_not_come_back_as_another() -> None:
    parts = json.loads(GOOD[1])

    def edit(event: dict[str, Any]) -> None:
        del event["erased"]
        event.update(personal=parts["personal"], salt=parts["salt"])

    found = wrong(edited(ERASED + 1, edit))
    assert found.finding is not None and "vouches" in found.finding.sentence and found.finding.line == ERASED + 2
    assert not holds(edited(ERASED + 1, lambda event: event.update(erased=False)))


def test_a_personal_part_can_be_left_out_and_is_told() -> None:
    def edit(event: dict[str, Any]) -> None:
        del event["personal"], event["salt"]
        event["erased"] = True

    lines = edited(1, edit)
    assert holds(lines) and check_bundle(lines).erased == 2


def made_gone(event: dict[str, Any]) -> None:
    """As an event that was erased as a whole."""
    leaf = b64encode(leaf_hash(event["body"].encode())).decode()
    left = {"place": event["place"], "path": event["path"], "id": json.loads(event["body"])["id"], "leaf": leaf}
    event.clear()
    event.update(left, erased="whole")


def test_what_was_erased_as_a_whole_is_proven_by_its_leaf_and_counted_apart() -> None:
    lines = edited(2, made_gone)
    assert holds(lines)
    found = check_bundle(lines)
    assert (found.count, found.erased, found.gone) == (EVENTS, 1, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"leaf": _ROOT}, "not what was sealed"),
        ({"leaf": ""}, "not what was sealed"),
        ({"leaf": None}, "not what was sealed"),
        ({"place": 0}, "not what was sealed"),
        ({"path": []}, "not what was sealed"),
        ({"place": True}, "no event"),
        ({"erased": True}, "no event"),
        ({"erased": "part"}, "no event"),
        ({"body": "{}"}, "not what was sealed"),
        ({"id": "00000000-0000-0000-0000-000000000000"}, "stands before"),
    ],
)
def test_of_what_was_erased_as_a_whole_the_proof_holds_or_not(change: dict[str, object], sentence: str) -> None:
    def edit(event: dict[str, Any]) -> None:
        made_gone(event)
        event.update(change)

    found = wrong(edited(2, edit))
    assert found.finding is not None and sentence in found.finding.sentence and found.finding.line == 3


@pytest.mark.parametrize("event_id", ["", "x", 7, "018C2F3E-5A71-7000-8000-000000000001", "zz\u202e"])
def test_the_id_of_what_was_erased_as_a_whole_is_an_id(event_id: object) -> None:
    def edit(event: dict[str, Any]) -> None:
        made_gone(event)
        event["id"] = event_id

    found = wrong(edited(2, edit), is_odd=True)
    assert found.finding is not None and "no event" in found.finding.sentence and found.finding.id is None


def head_of(signer: Signer, size: int = 19, root: bytes = bytes(32), name: str | None = None) -> Edit:
    note = sealed(Checkpoint(name or signer.verifier.name, size, root), signer)
    return lambda head: head.update(key=str(signer.verifier), checkpoint=note)


OTHER = Signer.generate("auditdeck/another")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (head_of(SIGNER), "not what was sealed"),
        (head_of(SIGNER, size=20), "not what was sealed"),
        (head_of(SIGNER, size=10**17), "not what was sealed"),
        (
            lambda head: head.update(checkpoint=SIGNER.sign(f"{head['origin']}\n{'9' * 5_000}\n{_ROOT}\n")),
            "not a checkpoint",
        ),
        (head_of(OTHER), "of another log"),
        (lambda head: head.update(key=str(OTHER.verifier)), "nobody who is known"),
        (lambda head: head.update(key=f" {head['key']}"), "in another way"),
        (lambda head: head.update(key="x"), "not a key"),
        (lambda head: head.update(origin="auditdeck/another"), "of another log"),
        (lambda head: head.update(checkpoint=""), "not a signed note"),
        (lambda head: head.update(sort="up"), "no order"),
        (lambda head: head.update(more="x"), "lacks what"),
        (lambda head: head.pop("query"), "lacks what"),
        (lambda head: head.update(query=7), "lacks what"),
    ],
)
def test_whatever_is_not_signed_over_these_events(edit: Edit, sentence: str) -> None:
    found = wrong(edited(0, edit), is_odd=sentence == "lacks what")
    assert found.finding is not None and sentence in found.finding.sentence


def test_all_of_another_log_holds_as_that_one_s_and_not_under_the_key_that_is_demanded() -> None:
    other = made_up_bundle(OTHER, count=EVENTS + 1)
    assert holds(other)
    found = check_bundle(other, SIGNER.verifier)
    assert found.finding is not None and "signed by another key" in found.finding.sentence
    assert str(OTHER.verifier) in found.finding.sentence and found.size is None
    assert not holds([GOOD[0], *other[1:]]) and not holds(ended([GOOD[0], *other[1:-1]]))


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\n",
        b"null\n",
        b"[]\n",
        b"{}\n",
        b'{"bundle":1}\n',
        b'{"bundle":"other/v1"}\n',
        b'{"bundle":"auditdeck/bundle/v2"}\n',
        b"\xff\xfe\n",
        b"[" * 100_000,
    ],
)
def test_what_is_no_bundle_is_not_checked(given: bytes) -> None:
    with pytest.raises(NoBundle):
        check_bundle([given])


@pytest.mark.parametrize(
    "line",
    [
        b"null\n",
        b"7\n",
        b"\xff\n",
        b'{"place":' + b"9" * 5_000 + b"}\n",
        b'{"a":' * 300 + b"1" + b"}" * 300 + b"\n",
        GOOD[1].replace(b'"place"', b'"place":3,"place"'),
        GOOD[1].replace(b":", b": ", 1),
        GOOD[1].replace(b"\\u202e", b"\\u202E"),
        GOOD[1][:-1] + b"\r\n",
    ],
)
def test_a_line_is_written_in_one_way_alone(line: bytes) -> None:
    found = check_bundle(ended([GOOD[0], line, *GOOD[2:-1]]))
    assert found.finding is not None and found.finding.line == 2


def test_a_file_without_line_breaks_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.exchange.bundle_check._MOST_LINE_BYTES", 1_000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 100

    with pytest.raises(NoBundle, match="longer"):
        check_bundle(endless())


def test_a_bundle_of_ten_times_as_many_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (250, 2_500):
        file = tmp_path / str(count)
        file.write_bytes(b"".join(made_up_bundle(SIGNER, count=count)))
        tracemalloc.start()
        with file.open("rb") as stream:
            assert check_bundle(iter(lambda: stream.read(65_536), b"")).count == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


def test_the_script_is_short_and_needs_cryptography_alone() -> None:
    lines = script().splitlines()
    assert len(lines) <= 100
    imported = {word for line in lines if re.match(r"(import|from) ", line) for word in line.split()[1:2]}
    assert all(name in {"base64", "hashlib", "json", "sys"} or name.startswith("cryptography.") for name in imported)

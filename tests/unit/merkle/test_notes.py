"""Signed notes and checkpoints: the published example, and what is no note, key or checkpoint."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.merkle.checkpoints import Checkpoint, open_checkpoint, origin_of, sealed
from data.merkle.notes import NoteInvalid, Signer, Verifier, open_note

# The example of Go's package golang.org/x/mod/sumdb/note, whose format became the specification.
_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
_NOTE = (
    f"{_TEXT}\n\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
_PETER = Verifier.parse(_PUBLIC)
_LOG = UUID("0190b7c4-0000-7000-8000-000000000000")


def test_the_published_example_is_signed_and_opened_alike() -> None:
    signer = Signer.parse(_PRIVATE)
    assert str(signer.verifier) == _PUBLIC
    assert signer.written() == _PRIVATE
    assert signer.sign(_TEXT) == _NOTE
    assert open_note(_NOTE, [_PETER]) == _TEXT


@given(
    st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["Cs"])), st.integers(1, 4)
)
def test_what_one_signs_all_who_know_the_key_can_open(line: str, lines: int) -> None:
    signer, stranger = Signer.generate("auditdeck/a"), Signer.generate("auditdeck/b")
    text = f"{line}\n" * lines
    note = signer.sign(text)
    assert open_note(note, [stranger.verifier, signer.verifier]) == text
    both = note + stranger.sign(text).rpartition("\n\n")[2]
    assert open_note(both, [signer.verifier]) == text, "signatures of others are passed over"
    with pytest.raises(NoteInvalid, match="nobody"):
        open_note(note, [stranger.verifier])


@given(st.integers(0, len(_NOTE.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_note_can_be_changed(place: int, change: int) -> None:
    written = bytearray(_NOTE.encode())
    written[place] ^= change
    with pytest.raises(NoteInvalid):
        open_note(written.decode(errors="replace"), [_PETER])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        _TEXT,
        _TEXT + "\n",
        _NOTE.removesuffix("\n"),
        _NOTE + "\n",
        _NOTE + "more\n",
        _NOTE.replace("\u2014 ", "- "),
        _NOTE.replace("=", ""),
        _NOTE.replace("If you", "If\x1byou"),
        _NOTE + "\u2014 somebody c2hvcnQ\n",
        _NOTE + _NOTE.rpartition("\n\n")[2] * 100,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteInvalid):
        open_note(note, [_PETER])


@pytest.mark.parametrize("text", ["", "no end", "a tab\tis no text\n", "\x9b\x1b\n"])
def test_only_lines_of_printable_characters_are_signed(text: str) -> None:
    with pytest.raises(ValueError, match="lines"):
        Signer.parse(_PRIVATE).sign(text)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", "not a private key"),
        (_PUBLIC, "not a private key"),
        (_PRIVATE.replace("c74f20a3", "c74f20a4"), "its id names"),
        (_PRIVATE.replace("c74f20a3", "c74f20aX"), "hexadecimal"),
        (_PRIVATE.replace("+AYE", "+BIE"), "another kind"),
        (_PRIVATE[:-4], "another kind"),
        (_PRIVATE[:-1], "not a key"),
        (_PRIVATE.replace("PeterNeumann", "Peter Neumann"), "not a key"),
    ],
)
def test_what_is_no_key_is_refused_and_not_repeated(key: str, told: str) -> None:
    with pytest.raises(NoteInvalid, match=told) as problem:
        Signer.parse(key)
    assert not key or key[-20:] not in str(problem.value)


def test_a_key_does_not_show_itself() -> None:
    assert _PRIVATE[-30:] not in repr(Signer.parse(_PRIVATE))
    with pytest.raises(NoteInvalid, match="blanks"):
        Signer.generate("two words")


def test_a_checkpoint_is_that_of_its_log_alone() -> None:
    signer = Signer.generate(origin_of(_LOG))
    checkpoint = Checkpoint(origin_of(_LOG), 12, b"r" * 32)
    note = sealed(checkpoint, signer)
    assert note.startswith(f"auditdeck/{_LOG}\n12\n{base64.b64encode(b'r' * 32).decode()}\n\n\u2014 auditdeck/{_LOG} ")
    assert open_checkpoint(note, origin_of(_LOG), [signer.verifier]) == checkpoint
    with pytest.raises(NoteInvalid, match="another log"):
        open_checkpoint(note, origin_of(UUID(int=7)), [signer.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n1\nAAAA\n",
        "\n1\n",
        "a\n01\n{root}\n",
        "a\n-1\n{root}\n",
        "a\n\u0661\n{root}\n",
        "a\n1\n {root}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteInvalid, match="checkpoint"):
        Checkpoint.parse(text.replace("{root}", base64.b64encode(bytes(32)).decode()))


def test_lines_after_the_root_are_passed_over() -> None:
    text = Checkpoint("a", 1, bytes(32)).text()
    assert Checkpoint.parse(f"{text}an extension\n") == Checkpoint("a", 1, bytes(32))

"""Tests of data.access.ssh_keys."""

import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.errors import AccessWrong
from data.access.ssh_keys import (
    KINDS,
    LEAST_RSA_BITS,
    MOST_COMMENT_CHARACTERS,
    MOST_RSA_BITS,
    PublicKey,
    key_problem,
    read_public_key,
)
from tests.unit.access.sample_keys import CERTIFICATE, DSA, SAMPLES, WEAK_RSA, Sample, wire

SSH_KEYGEN = shutil.which("ssh-keygen")
ED25519 = SAMPLES["ed25519"].line
ON_DEVICES = {
    "sk-ssh-ed25519@openssh.com": wire(b"sk-ssh-ed25519@openssh.com", bytes(range(32)), b"ssh:"),
    "sk-ecdsa-sha2-nistp256@openssh.com": wire(
        b"sk-ecdsa-sha2-nistp256@openssh.com",
        b"nistp256",
        b64decode(SAMPLES["ecdsa_256"].line.split()[1])[-65:],
        b"ssh:",
    ),
}


def written(kind: str, *fields: bytes) -> str:
    return f"{kind} {wire(kind.encode(), *fields)}"


def rsa(modulus: int, exponent: int = 65_537) -> str:
    return written("ssh-rsa", number(exponent), number(modulus))


def number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_key_is_read_as_openssh_reads_it(sample: Sample) -> None:
    key = read_public_key(f"{sample.line}\n")
    kind, blob, *comment = sample.line.split(maxsplit=2)
    assert key == PublicKey(kind, sample.bits, blob, "".join(comment).strip())
    assert key.fingerprint == sample.fingerprint
    assert key.line == f"{kind} {blob}"
    assert key_problem(sample.line) is None


@pytest.mark.skipif(SSH_KEYGEN is None, reason="there is no ssh-keygen here (Debian: apt-get install openssh-client)")
@pytest.mark.parametrize("kind", KINDS)
def test_ssh_keygen_says_the_same(kind: str, tmp_path: Path) -> None:
    assert SSH_KEYGEN is not None
    file = tmp_path / "key.pub"
    if kind in ON_DEVICES:
        file.write_text(f"{kind} {ON_DEVICES[kind]} on a device\n")
    else:
        plain = kind.removeprefix("ssh-").partition("-")[0]
        bits = ["-b", kind[-3:]] if plain == "ecdsa" else ["-b", "2048"] if plain == "rsa" else []
        command = [SSH_KEYGEN, "-q", "-t", plain, *bits, "-N", "", "-C", "a comment", "-f", str(tmp_path / "key")]
        subprocess.run(command, check=True, timeout=30)
    key = read_public_key(file.read_text())
    told = subprocess.run([SSH_KEYGEN, "-lf", str(file)], capture_output=True, text=True, check=True, timeout=30).stdout
    assert told.split()[:2] == [str(key.bits), key.fingerprint]
    assert key.comment in told and key.kind == kind


@pytest.mark.parametrize("kind", ON_DEVICES)
def test_keys_of_devices(kind: str) -> None:
    key = read_public_key(f"{kind} {ON_DEVICES[kind]}")
    assert (key.kind, key.bits, key.comment) == (kind, 256, "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Paste a public key"),
        (" \n", "Paste a public key"),
        ("hello", "begins with its type"),
        ("AAAAC3NzaC1lZDI1NTE5AAAAIKYyH", "begins with its type"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA", "private key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", "ssh-keygen -i"),
        (DSA, "DSA keys are too weak"),
        (WEAK_RSA, "1,024 bits is too weak"),
        (rsa(2 ** (LEAST_RSA_BITS - 1) - 1), "2,047 bits is too weak"),
        (rsa(2**MOST_RSA_BITS + 1), "longer than OpenSSH takes"),
        (rsa(2**2048 - 1, exponent=1), "none of an RSA key"),
        (rsa(2**2048 - 1, exponent=4), "none of an RSA key"),
        (rsa(2**2048), "none of an RSA key"),
        (CERTIFICATE, "a certificate"),
        (f'no-pty,command="sh" {ED25519}', "Nothing may stand before"),
        (f"restrict {ED25519}", "Nothing may stand before"),
        (f"# {ED25519}", "Nothing may stand before"),
        (f"{ED25519}\n{SAMPLES['rsa'].line}", "one line"),
        (f"{ED25519}\u2028more", "one line"),
        ("ssh-xmss@openssh.com AAAA", "ssh-xmss@openssh.com are not known"),
        ("ssh-ed25519", "itself is missing"),
        ("ssh-ed25519 ", "itself is missing"),
        ("ssh-ed25519 AAAA*", "no base64"),
        ("ssh-ed25519 ÄÄÄÄ", "no base64"),
        (f"ssh-ed25519 {ED25519.split()[1][:-1]}", "no base64"),
        (f"ssh-ed25519 {ED25519.split()[1][:-4]}", "ends too early"),
        (f"ssh-rsa {ED25519.split()[1]}", "another type"),
        (f"ecdsa-sha2-nistp384 {SAMPLES['ecdsa_256'].line.split()[1]}", "another type"),
        (written("ecdsa-sha2-nistp384", b"nistp256", b""), "another type"),
        (written("ecdsa-sha2-nistp256", b"nistp256", bytes(65)), "no point"),
        (written("ecdsa-sha2-nistp256", b"nistp256", b"\x04" * 64), "no point"),
        (written("ssh-ed25519", bytes(31)), "has 32 bytes"),
        (written("ssh-ed25519", bytes(32), b""), "more in it than a key"),
        (written("sk-ssh-ed25519@openssh.com", bytes(32), b""), "no application"),
        (written("ssh-rsa", bytes([1, 0, 1]), bytes([0, 0, 255])), "number in it is not"),
        (written("ssh-rsa", bytes([255]), bytes([0, 255])), "number in it is not"),
        (written("ssh-rsa", b"", bytes([0, 255])), "number in it is not"),
        ("ssh-ed25519 /////w==", "ends too early"),
        (f"{ED25519}\x1b[31m", "control character"),
        (f"{ED25519} \u202ealice", "control character"),
        (f"{ED25519} {'x' * MOST_COMMENT_CHARACTERS}", "more than 200"),
        (f"ssh-rsa {'A' * 20_000}", "at most 16,384"),
    ],
)
def test_what_cannot_be_registered_and_why(line: str, said: str) -> None:
    with pytest.raises(AccessWrong) as refused:
        read_public_key(line)
    assert list(refused.value.problems) == ["key"]
    sentence = refused.value.problems["key"]
    assert said in sentence and sentence.endswith(".") and sentence[0].isupper()
    assert key_problem(line) == sentence
    assert "b3BlbnNz" not in sentence  # nothing of a private key is repeated


def test_blanks_around_and_within_do_not_matter() -> None:
    kind, blob, _ = ED25519.split()
    assert read_public_key(f"  {kind}\t{blob}   my  laptop \r\n") == PublicKey(kind, 256, blob, "my  laptop")


def test_the_same_key_has_one_form() -> None:
    """What is left over of the last character of base64 means nothing, and is not kept."""
    kind, blob, _ = SAMPLES["ecdsa_256"].line.split(maxsplit=2)
    assert blob.endswith("4=")
    same = read_public_key(f"{kind} {blob[:-2]}5=")
    assert same.blob == blob and same.fingerprint == SAMPLES["ecdsa_256"].fingerprint


@given(st.text() | st.binary().map(lambda data: f"ssh-rsa {b64encode(data).decode()}"))
def test_any_text_is_a_key_or_a_sentence(line: str) -> None:
    problem = key_problem(line)
    assert problem is None or problem.endswith(".")


@given(st.sampled_from([*SAMPLES.values()]), st.data())
def test_a_key_that_lost_a_piece_is_none(sample: Sample, data: st.DataObject) -> None:
    kind, blob, *_ = sample.line.split()
    raw = b64decode(blob)
    cut = data.draw(st.integers(0, len(raw) - 1))
    assert key_problem(f"{kind} {b64encode(raw[:cut]).decode()}") is not None

"""Tests of data.settings_glance: it agrees with the settings that are loaded whole wherever it says anything."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SettingsError
from data.settings import Settings, load_settings
from data.settings_glance import LEFT_ALONE, NAMES, GlancedSettings, glance_at_settings

_WORDS = st.sampled_from(
    (
        *(
            "",
            " ",
            "true",
            "False",
            "1",
            "0",
            "yes",
            "2",
            "dark",
            "light",
            "DARK",
            "high-contrast",
            "auto",
            "stock",
            "info",
        ),
        *(
            "UTC",
            "Europe/Berlin",
            "../UTC",
            "nowhere",
            "/tmp/x.db",
            "x/../y",
            "~/x",
            "~nosuchuser/x",
            "a\x1bb",
            "{}",
            "ä",
        ),
    )
)
_VARIABLES = st.sampled_from((*NAMES, "as_owner", "settings_of_nobody")).flatmap(
    lambda name: st.sampled_from((f"AUDITDECK_{name.upper()}", f"auditdeck_{name}"))
)
_TOML = st.one_of(
    _WORDS.map(lambda word: f'"{word}"' if word.isprintable() else '"x"'), st.sampled_from(("true", "3", "1.5", "[]"))
)
_LINES = st.dictionaries(st.sampled_from((*NAMES, "as_owner", "nonsense")), _TOML, max_size=4)
_KEYS = st.sampled_from(
    (
        "",
        '[keys]\n"log.find" = "x"\n',
        '[keys]\nlog.find = ["x", "F2"]\nlog.undo = []\n',
        "[keys]\nlog.find = 3\n",
        "[nonsense\n",
    )
)
_FLAGS = st.fixed_dictionaries(
    {},
    optional={"database": _WORDS, "zone": _WORDS, "theme": st.sampled_from(("dark", "light")), "mouse": st.booleans()},
)


def _whole() -> Settings:
    raise AssertionError("a glance loads nothing")


def _glance(flags: Mapping[str, object]) -> GlancedSettings | None:
    return glance_at_settings(flags, _whole)


@given(st.dictionaries(_VARIABLES, _WORDS, max_size=3), _LINES, _KEYS, _FLAGS)
def test_a_glance_agrees_with_what_is_loaded(
    environment: dict[str, str], lines: dict[str, str], keys: str, flags: dict[str, object]
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "settings.toml"
        file.write_text("".join(f"{name} = {value}\n" for name, value in lines.items() if name != "keys") + keys)
        own = {"HOME": folder, "AUDITDECK_SETTINGS": str(file)}
        with patch.dict(os.environ, {**own, **environment}, clear=True):
            glanced = _glance(flags)
            if glanced is None:
                return
            try:
                loaded = load_settings(**flags)
            except SettingsError as error:
                assert "as_owner" in str(error), "what it left alone is all that can be wrong"
                return
            assert {name: getattr(glanced, name) for name in NAMES} == {name: getattr(loaded, name) for name in NAMES}
            whole = glance_at_settings(flags, lambda: loaded)
            assert whole is not None and whole.whole() == loaded
            assert whole.whole().in_force("here") == loaded.in_force("here")
            assert whole.whole().may_create_database is loaded.may_create_database


def test_a_glance_tells_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('theme = "light"\nzone = "Europe/Berlin"\nsmtp_host = "mail.example.org"\n[keys]\nlog.find = "x"\n')
    monkeypatch.setenv("AUDITDECK_SETTINGS", str(file))
    monkeypatch.setenv("AUDITDECK_MOUSE", "false")
    glanced = _glance({"zone": "Asia/Tokyo", "theme": None})
    assert glanced is not None
    assert (glanced.theme, str(glanced.zone), glanced.mouse) == ("light", "Asia/Tokyo", False)
    assert glanced.keys == {"log.find": ("x",)}


def _begun_with(file: Path, text: str, monkeypatch: pytest.MonkeyPatch, **flags: object) -> GlancedSettings:
    file.write_text(text)
    for name in [one for one in os.environ if one.upper().startswith("AUDITDECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AUDITDECK_SETTINGS", str(file))
    glanced = glance_at_settings(flags, lambda: load_settings(**flags))
    assert glanced is not None
    return glanced


def test_a_file_that_is_edited_later_is_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    glanced = _begun_with(file, 'join_command = "ssh it join"\n', monkeypatch)
    before = glanced.whole().in_force("here")
    file.write_text('theme = "light"\njoin_command = "no longer"\n')
    assert glanced.whole().in_force("here") == before
    file.write_text("[nonsense\n")
    assert glanced.whole().in_force("here") == before
    file.unlink()
    assert glanced.whole().in_force("here") == before


def test_what_was_glanced_at_stays_though_the_file_is_edited_before_the_rest_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    glanced = _begun_with(file, 'theme = "light"\n', monkeypatch, zone="Asia/Tokyo")
    file.write_text('zone = "Europe/Berlin"\ndatabase = "/elsewhere.db"\nmouse = false\njoin_command = "ssh it join"\n')
    whole = glanced.whole()
    assert {name: getattr(whole, name) for name in NAMES} == {name: getattr(glanced, name) for name in NAMES}
    assert whole.may_create_database, "it is the one of nobody's choice"
    shown = {one.name: (one.value, one.origin) for one in whole.in_force("here")}
    assert shown["theme"] == ("light", "file") and shown["zone"] == ("Asia/Tokyo", "flag --zone")
    assert shown["database"] == ("here", "default") and shown["mouse"] == ("true", "default")
    assert shown["join_command"] == ("ssh it join", "file")


def test_one_that_could_not_be_loaded_is_loaded_when_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    glanced = _begun_with(file, "", monkeypatch)
    file.write_text('nobody = "knows this"\n')
    with pytest.raises(SettingsError, match="nobody"):
        glanced.whole()
    file.write_text("")
    assert glanced.whole().database == glanced.database


def test_without_anything_set_it_is_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.upper().startswith("AUDITDECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    glanced, loaded = _glance({}), load_settings()
    assert glanced is not None
    assert {name: getattr(glanced, name) for name in NAMES} == {name: getattr(loaded, name) for name in NAMES}


def test_where_it_is_in_doubt_it_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITDECK_SETTINGS", str(tmp_path / "missing.toml"))
    assert _glance({}) is None
    monkeypatch.delenv("AUDITDECK_SETTINGS")
    monkeypatch.setenv("AUDITDECK_KEYS", "{}")
    assert _glance({}) is None


def test_every_setting_is_glanced_at_or_left_alone() -> None:
    assert set(NAMES) | LEFT_ALONE == set(Settings.model_fields) and not set(NAMES) & LEFT_ALONE

"""Tests of data.naming.look_alikes."""

import pytest

from data.naming.look_alikes import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Payroll sync", "PAYROLL SYNC"),
        ("Payroll sync", "Payrollsync"),
        ("Payroll sync", "Pаyroll sуnc"),  # Cyrillic а and у
        ("Billing", "Bіlling"),  # Cyrillic і
        ("Billing", "Bιlling"),  # Greek ι
        ("Billing", "Bill1ng"),
        ("BILLING", "billing"),
        ("TOBAP", "ТОВАР"),  # Cyrillic throughout
        ("Server 10", "Server lO"),
        ("modern", "modem"),
        ("wave", "vvave"),
        ("Café", "Cafe"),
        ("Café", "Cafe\u0301"),
        ("Ｐａｙｒｏｌｌ", "Payroll"),  # full width
        ("𝐏𝐚𝐲𝐫𝐨𝐥𝐥", "Payroll"),  # mathematical bold
        ("Straße", "STRASSE"),
        ("Payroll", "Pay\u200broll"),
        ("Payroll", "Payroll\u3164"),  # a filler of Hangul, which counts as a letter
        ("Payroll", "Payroll\ufe0f"),
        ("Payroll", "Payroll\u2800"),  # Braille without a dot
        ("Payroll", "Pay\u00a0roll"),
    ],
)
def test_names_that_a_person_cannot_tell_apart(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Payroll sync", "Payroll syncs"),
        ("Orders", "Borders"),
        ("Export 1", "Export 2"),
        ("กา", "กี"),  # Thai vowels over a letter
        ("कि", "कु"),  # and those of Devanagari
        ("日本", "日木"),
    ],
)
def test_names_that_differ(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("name", ["", " \t\n", "\u3164", "\u2800\u2800", "\ufe0f\u0301", "\u200b"])
def test_of_a_name_that_cannot_be_seen_nothing_is_left(name: str) -> None:
    assert skeleton(name) == ""

"""What holds of every entry, whichever module it stands in."""

from collections import Counter

import pytest

from data.catalogue import CATALOGUE, EventType, Family, Tab

# Characters. A card of 90 cells has 49 for title and object; this leaves some of the object beside any title.
LONGEST_LABEL = 38

OWN_FAMILIES = {
    "api_client": "API client",
    "token": "Token",
    "request": "Request",
    "access": "Access",
    "role": "Role",
    "group": "Group",
    "invitation": "Invitation",
    "member": "Member",
    "session": "Session",
    "log": "Audit log",
    "policy": "Policy",
    "requests": "Request log",
    "system": "System",
    "keeper": "Keeper",
    "view": "View",
    "project": "Project",
    "api_proxy": "API proxy",
    "user": "User",
    "onprem_key": "On-premises key",
    "project_config": "Project configuration",
}

OWN_TAGS = {
    "access": "read",
    "api_client": "read created updated revoked deleted expired",
    "token": "issued rotated prolonged ended copied saved printed expired inspected used",
    "request": "served refused refused_strangers",
    "role": "created updated deleted granted withdrawn",
    "group": "created updated deleted member_added member_removed",
    "invitation": "sent resent revoked accepted expired delivery_failed",
    "member": "joined updated suspended reinstated removed key_registered key_removed",
    "session": "signed_in refused signed_out lost ended",
    "log": "read imported event_erased tombstone retired exported verified verification_failed hold_placed hold_lifted key_replaced checkpoint_mismatch",
    "policy": "read updated",
    "requests": "read imported",
    "system": "read",
    "keeper": "ran",
    "view": "read saved shared deleted",
    "project": "created updated deleted",
    "api_proxy": "created updated deleted version_created promotion_started",
    "user": "created updated deleted invited disabled enabled password_reset role_changed",
    "onprem_key": "created rotated revoked deleted",
    "project_config": "updated",
}

# These fields go into the part of an event that is kept for ever: a new one is a decision, not an accident.
OWN_FACTS = {
    "api_client": "expires scopes networks status overlap_ends puts_back",
    "token": "expires overlap_ends scopes status replaced_by",
    "request": "status count refusal scope",
    "role": "permissions members groups invitations grantee_type grantee",
    "group": "member members roles invitations",
    "invitation": "expires roles groups given_up terminal",
    "member": "status key_type bits roles groups",
    "session": "program_version terminal",
    "log": "cutoff count shown removed_digest format size root key erased whole places",
    "policy": "zone live_days archive_days default_expiry_months max_expiry_months overlap_days scopes trusted_networks "
    "ssh_join record_reading",
    "access": "",
    "requests": "count shown",
    "system": "",
    "keeper": "",
    "view": "",
    "project": "environment status",
    "api_proxy": "version from_environment to_environment",
    "user": "status",
    "onprem_key": "expires fingerprint",
    "project_config": "",
}


def imported(family: Family) -> bool:
    return family.prefix.startswith("authgear.")


def own(prefix: str) -> Family:
    return next(family for family in CATALOGUE.families if family.prefix == prefix)


each_type = pytest.mark.parametrize("event_type", CATALOGUE, ids=lambda event_type: event_type.tag)
each_family = pytest.mark.parametrize("family", CATALOGUE.families, ids=lambda family: family.prefix)
each_own_prefix = pytest.mark.parametrize("prefix", OWN_FAMILIES)


def test_the_families_of_our_own_are_exactly_these() -> None:
    assert {family.prefix: family.label for family in CATALOGUE.families if not imported(family)} == OWN_FAMILIES


@each_own_prefix
def test_the_types_of_a_family_are_exactly_these(prefix: str) -> None:
    expected = [f"{prefix}.{rest}" for rest in OWN_TAGS[prefix].split()]
    assert [event_type.tag for event_type in own(prefix).types] == expected


@each_own_prefix
def test_all_types_of_a_family_keep_the_same_facts(prefix: str) -> None:
    assert {event_type.facts for event_type in own(prefix).types} == {tuple(OWN_FACTS[prefix].split())}


@each_own_prefix
def test_users_and_requests_have_tabs_of_their_own(prefix: str) -> None:
    expected = {"user": Tab.USERS, "request": Tab.REQUESTS}.get(prefix, Tab.ADMIN)
    assert {event_type.tab for event_type in own(prefix).types} == {expected}


def test_nothing_imported_counts_as_a_fact() -> None:
    types = [event_type for family in CATALOGUE.families if imported(family) for event_type in family.types]
    assert types
    assert [event_type.tag for event_type in types if event_type.facts] == []


@each_type
def test_labels_are_short_plain_and_in_sentence_case(event_type: EventType) -> None:
    for label in (event_type.done, event_type.attempted):
        assert 0 < len(label) <= LONGEST_LABEL
        assert label == " ".join(label.split())
        assert label[0].isupper()
        assert not label.endswith(".")
        assert "_" not in label


@each_type
def test_an_attempt_never_reads_as_done(event_type: EventType) -> None:
    assert event_type.attempted != event_type.done


def test_no_two_types_have_the_same_title() -> None:
    titles = Counter(event_type.done for event_type in CATALOGUE)
    assert [title for title, times in titles.items() if times > 1] == []


@each_family
def test_within_a_family_no_label_stands_for_two_things(family: Family) -> None:
    labels = Counter(label for event_type in family.types for label in (event_type.done, event_type.attempted))
    assert [label for label, times in labels.items() if times > 1] == []


def test_no_two_families_have_the_same_label() -> None:
    labels = Counter(family.label for family in CATALOGUE.families)
    assert [label for label, times in labels.items() if times > 1] == []


def test_a_tag_of_tomorrow_still_describes_itself() -> None:
    assert CATALOGUE.describe("token.borrowed") == EventType(
        "token.borrowed", "Token: borrowed", "Token: borrowed", None
    )
    assert CATALOGUE.family("token.borrowed").label == "Token"

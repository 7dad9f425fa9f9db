"""Fixtures of the stories: on each engine, behind each door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.gateway.story import STORIES, Story


@pytest.fixture(params=STORIES)
def story(request: pytest.FixtureRequest, address: str, tmp_path: Path) -> Iterator[Story]:
    """A running service; for each door, on each engine."""
    with STORIES[request.param](address, tmp_path) as running:
        yield running


@pytest.fixture
def nginx_story(sqlite_address: str, tmp_path: Path) -> Iterator[Story]:
    """A running service behind nginx."""
    with STORIES["nginx"](sqlite_address, tmp_path) as running:
        yield running

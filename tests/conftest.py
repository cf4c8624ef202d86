"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from shuffled import pytest_addoption, pytest_collection_modifyitems
from skips import pytest_sessionfinish, pytest_terminal_summary

__all__ = [
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "shared_data",
]

settings.register_profile("default", deadline=None, derandomize=True, database=None)
settings.load_profile("default")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets; tests that need it skip, and say so, where it is absent."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("EQUIPOISE_DATA", default))
    if not folder.is_dir():
        pytest.skip("public data not present: set EQUIPOISE_DATA to its folder")
    return folder


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes by their argument's name: packed ones hold the clock, and workers must agree on ids."""
    return argname if isinstance(val, bytes) else None

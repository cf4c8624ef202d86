"""Fixtures of the command line's tests."""

from __future__ import annotations

import pytest
from tests.unit.cli.workspaces import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process: `cli("check", folder)`."""
    return Cli(capsys)

"""A synthetic lender, fitted and balanced once for all tests of its strategy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made_once import copy_of, made_once

from equipoise.workspace import balance_workspace, fit_workspace, new_demo
from equipoise.workspace.folder import Workspace

APPLICANTS = 8000


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """To be read only; `lender` is a copy that may be changed."""
    own = copy_of(
        made_once(tmp_path_factory, "fitted", _fitted), tmp_path_factory.mktemp("fitted") / "demo"
    )
    return Workspace.open(own)


def _fitted(folder: Path) -> None:
    workspace = new_demo(folder, APPLICANTS, 3)
    fit_workspace(workspace)
    balance_workspace(workspace)


@pytest.fixture
def lender(fitted: Workspace, tmp_path: Path) -> Workspace:
    """A workspace of the test's own."""
    folder = tmp_path / "demo"
    shutil.copytree(fitted.folder, folder)
    return Workspace.open(folder)


@pytest.fixture
def edited(lender: Workspace) -> Callable[..., Workspace]:
    """The workspace with parts of strategy.yaml replaced: edited((old, new), ...)."""

    def edit(*changes: tuple[str, str]) -> Workspace:
        path = lender.folder / "strategy.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"strategy.yaml has no {old!r}"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return lender

    return edit

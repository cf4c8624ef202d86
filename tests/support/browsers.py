"""A real browser, and axe-core over the page that stands open in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright

# on a loaded machine pages come late; what never comes still ends
PATIENCE = 120_000  # milliseconds
VIOLATIONS = """async () => (await axe.run()).violations.map(
  (each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.target).join(", ")}`)"""


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium, or the one that EQUIPOISE_CHROMIUM names."""
    program = os.environ.get("EQUIPOISE_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("chromium not present: install it or set EQUIPOISE_CHROMIUM to its path")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=program, args=["--no-sandbox"], timeout=PATIENCE
        )
        yield opened
        opened.close()


def barriers(page: Any) -> list[str]:
    """What axe-core holds against the open page, of whatever impact: rule and places."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(VIOLATIONS)
    return found

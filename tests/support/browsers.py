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


@contextmanager
def page_of(chromium: Any, language: str, width: int, scheme: str) -> Iterator[Any]:
    """A page of somebody who reads that language, on a screen so wide, light or dark."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale=language,
        bypass_csp=True,  # axe is a script of the test's own; applying looks for what is forbidden
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def open_to_everybody(page: Any) -> None:
    """Nothing bars anybody, nothing stands beyond the edge, and one heading leads."""
    assert barriers(page) == [], page.url
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, page.url
    assert page.locator("h1").count() == 1, page.url


def barriers(page: Any) -> list[str]:
    """What axe-core holds against the open page, of whatever impact: rule and places."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(VIOLATIONS)
    return found

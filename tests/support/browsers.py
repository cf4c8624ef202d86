"""A real browser, and axe-core over the page that stands open in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright

# on a loaded machine pages come late; what never comes still ends
PATIENCE = 120_000  # milliseconds
NARROW = 375  # CSS pixels
# the last is a wide page at 400 %: nothing may stand beside it (WCAG 2.2, 1.4.10)
WIDTHS = (1280, NARROW, 320)
# at one width a scheme changes colours and nothing else
LOOKS: Mapping[int, Mapping[str, tuple[str, ...]]] = {
    1280: {"light": (), "dark": ("color-contrast",)},
    NARROW: {"dark": (), "light": ("color-contrast",)},
}
# language, width and scheme of who looks; the third says what the two before it say together
SCENES = [
    ("en", 1280, "dark"),
    ("zh-CN", NARROW, "light"),
    pytest.param("en", NARROW, "light", marks=pytest.mark.slow),
]
LARGE_TEXT = "200%"  # of what it was: nothing is cut off (WCAG 2.2, 1.4.4)
CUT_OFF = """() => [...document.querySelectorAll('body, body *')].filter((each) => {
  const style = getComputedStyle(each);
  const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
  if (scrolls || each.closest('.skip, .hidden, select, input, textarea')) return false;
  const hides = /hidden|clip/.test(style.overflowY) && each.scrollHeight > each.clientHeight + 1;
  return each.clientWidth > 0 && (hides || each.scrollWidth > each.clientWidth + 1);
}).map((each) => each.outerHTML.slice(0, 120))"""
# what passes is not written out: of it nothing is read
VIOLATIONS = """async (only) => {
  const rules = only.length ? {runOnly: only} : {};
  return (await axe.run({...rules, resultTypes: ['violations']})).violations.map(
    (each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.target).join(", ")}`);
}"""

# what one can do something with, of each group of buttons one; and which of it hides that it is at
WATCHED = """() => {
  const usable = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const seen = (each) => !each.disabled && each.checkVisibility({visibilityProperty: true});
  window.toReach = new Set([...document.querySelectorAll(usable)].filter(seen));
  window.unmarked = new Set();
  if (document.activeElement) document.activeElement.blur();
  document.addEventListener('focusin', ({target}) => {
    for (const each of [...window.toReach])
      if (each === target || (each.type === 'radio' && target.name === each.name))
        window.toReach.delete(each);
    if (getComputedStyle(target).outlineStyle === 'none') window.unmarked.add(target);
  });
}"""


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


def looked_at(page: Any) -> list[str]:
    """What bars anybody on the open page, wide and narrow, light and dark, by keyboard alone, with
    text twice as large."""
    rows = [f"out of reach: {each}" for each in out_of_reach(page)]
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        rows += [f"{over} px over the edge of {width}"] if over > 0 else []
        for scheme, rules in LOOKS.get(width, {}).items():
            page.emulate_media(color_scheme=scheme)
            rows += [f"{scheme}, {width}: {each}" for each in barriers(page, *rules)]
    rows += cut_off(page)  # where it is narrowest
    page.set_viewport_size(size)
    heads = page.locator("h1").count()
    return rows + ([f"{heads} first headings"] if heads != 1 else [])


def at_a_glance(page: Any) -> list[str]:
    """What bars people on the page as it is narrow, and where its text is twice as large."""
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 800})
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    problems = barriers(page) + ([f"{over} px over the edge"] if over > 0 else [])
    page.set_viewport_size({"width": min(WIDTHS), "height": 800})
    problems += cut_off(page)
    page.set_viewport_size(size)
    return problems


def cut_off(page: Any) -> list[str]:
    """What is not to be read, or to be scrolled to sideways, where the text is twice as large."""
    enlarge = "(size) => { document.documentElement.style.fontSize = size; }"
    page.evaluate(enlarge, LARGE_TEXT)
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    problems = [f"large text: {over} px over the edge"] if over > 0 else []
    problems += [f"large text: cut off: {each}" for each in page.evaluate(CUT_OFF)]
    page.evaluate(enlarge, "")
    return problems


def out_of_reach(page: Any) -> list[str]:
    """What can be used on the open page and is not come to by Tab, or does not show that it is."""
    page.evaluate(WATCHED)
    for _ in range(3):  # it begins somewhere, and may pass through the browser's own frame
        for _ in range(page.evaluate("window.toReach.size") + 2):
            page.keyboard.press("Tab")
        if not page.evaluate("window.toReach.size"):
            break
    left: list[str] = page.evaluate(
        "[...window.toReach, ...window.unmarked].map((each) => each.outerHTML.slice(0, 120))"
    )
    return left


def barriers(page: Any, *rules: str) -> list[str]:
    """What axe-core holds against the open page, of whatever impact: rule and places. By these
    rules alone, where some are named."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    text: list[str] = page.evaluate(VIOLATIONS, rules)
    return text


# of a page of the desks: in Chinese its words are of other lengths, and all else is as in English
IN_BOTH: Mapping[str, Callable[[Any], list[str]]] = {"en-GB": looked_at, "zh-CN": at_a_glance}

"""Every page of an applicant's, in every state, is open to everybody: both languages, wide and
narrow, light and dark, by keyboard alone; and is light to load. All of it goes without scripts, and
within the policy that says what a page may load.

A template to which no walk comes fails: `walks.py` says how people come to pages.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import browsers
import pytest
from processes import CLI
from walked import WAYS, Lender, Tour

from equipoise.service import pages

LANGUAGES = {"en": "en", "zh-CN": "zh-Hans"}
FIRST_LOAD = 60_000  # bytes as they come over the wire: the page and all that it loads
POLL = 1_000  # what a page that asks for news every ten seconds gets where there is some
_PAGES = Path(pages.__file__).parent
TEMPLATES = {
    each.relative_to(each.parent.parent).as_posix()
    for audience in ("applicant", "clerk")
    for each in _PAGES.glob(f"{audience}/templates/*/*.html")
}
# The server, with a note below each page of which templates it was made.
NOTING = f"""
from contextvars import ContextVar
import django.template.base as base
import django.template.loader as loader
from django.utils.safestring import mark_safe

names = ContextVar("names", default=[])
render, to_string = base.Template._render, loader.render_to_string

def noted(self, context):
    names.get().append(str(self.name))
    return render(self, context)

def below(*given, **named):
    before = names.set([])
    try:
        text = to_string(*given, **named)
        return mark_safe(f"{{text}}<!--made of {{' '.join(names.get())}}-->")
    finally:
        names.reset(before)

base.Template._render, loader.render_to_string = noted, below
{CLI}
"""
# The notes: one below the page, and one in each part that came by itself.
MADE_OF = """() => {
  const notes = document.createNodeIterator(document, NodeFilter.SHOW_COMMENT), found = [];
  for (let each = notes.nextNode(); each; each = notes.nextNode()) found.push(each.data);
  return found.filter((each) => each.startsWith("made of")).join(" ");
}"""
# What the page that stands open asks for, as who has seen nothing yet: its bytes over the wire.
POLLED = """async () => {
  const asks = document.querySelector('[hx-trigger^="every"]');
  if (!asks) return 0;
  const answer = await fetch(asks.getAttribute('hx-get'));
  await answer.text();
  return performance.getEntriesByName(answer.url).at(-1).encodedBodySize;
}"""


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    place = Lender(tmp_path_factory.mktemp("walked"), NOTING)
    yield place
    place.stop()


@pytest.fixture(scope="module")
def made() -> dict[str, set[str]]:
    """Of which templates the pages of each way were made."""
    return {}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


class Seen:
    """What was found of the pages that were come to."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.templates: set[str] = set()
        self.faults: list[str] = []
        self.heaviest = self.most_polled = (0.0, "")  # bytes, and of which page
        self._loaded: dict[int, dict[str, float]] = {}  # by page: bytes of each request

    @contextmanager
    def opened(self, chromium: Any) -> Iterator[Any]:
        """A page of which it is weighed what it loads, as if somebody came there first."""
        with browsers.page_of(chromium, self.language, 1280, "light") as page:
            loaded = self._loaded[id(page)] = {}
            page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
            network = page.context.new_cdp_session(page)
            network.on("Network.requestWillBeSent", partial(_asked, loaded))
            network.on("Network.loadingFinished", partial(_came, loaded))
            network.send("Network.enable")
            network.send("Network.setCacheDisabled", {"cacheDisabled": True})
            yield page

    def look(self, page: Any, name: str) -> None:
        """Look at the page that stands open."""
        weight = sum(self._loaded[id(page)].values())
        made_of = set(page.evaluate(MADE_OF).replace("made of ", "").split())
        self.templates |= made_of
        # Who works there is spoken to in English alone, but where they help.
        both = made_of & {"applicant/base.html", "clerk/help.html"}
        wanted = LANGUAGES[self.language] if both else "en"
        spoken = page.get_attribute("html", "lang")
        barriers = browsers.looked_at(page)
        barriers += [f"{weight:.0f} bytes to load"] if weight > FIRST_LOAD else []
        polled = page.evaluate(POLLED)
        barriers += [f"{polled} bytes to be told what is new"] if polled > POLL else []
        self.heaviest = max(self.heaviest, (weight, name))
        self.most_polled = max(self.most_polled, (polled, name))
        barriers += [f"it speaks {spoken}"] if spoken != wanted else []
        self.faults += [f"{name}: {each}" for each in barriers]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_open_to_everybody(
    lender: Lender, chromium: Any, made: dict[str, set[str]], language: str, way: str
) -> None:
    seen = Seen(language)
    WAYS[way](Tour(lender, partial(seen.opened, chromium), seen.look))
    made[f"{language} {way}"] = seen.templates
    assert seen.faults == [], "\n".join(seen.faults)
    if way == "applying":
        assert seen.most_polled[0] > 0, "no page asked for news"


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_is_come_to(made: dict[str, set[str]], language: str) -> None:
    walked = [made.get(f"{language} {way}") for way in WAYS]
    if None in walked:
        pytest.skip("not every way was walked")
    come_to = set().union(*filter(None, walked))
    assert sorted(TEMPLATES - come_to) == [], "no walk of walks.py comes to these"


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_everything_goes_without_scripts_and_within_the_policy(
    lender: Lender, chromium: Any, way: str
) -> None:
    collected: list[str] = []

    def opened() -> AbstractContextManager[Any]:
        return _without_scripts(chromium, collected)

    WAYS[way](Tour(lender, opened, lambda _page, _name: None, scripts=False))
    # A browser says in its console that a page came with an error; the policy it names by name.
    assert [each for each in collected if "the server responded with a status of" not in each] == []


def test_what_goes_out_packed_is_what_lies_there() -> None:
    packed = sorted(_PAGES.glob("*/static/*/*.gz"))
    assert packed
    for each in packed:
        assert gzip.decompress(each.read_bytes()) == each.with_suffix("").read_bytes()


@contextmanager
def _without_scripts(chromium: Any, told: list[str]) -> Iterator[Any]:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(browsers.PATIENCE)
    page = context.new_page()
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: _at_home(request.url, told))
    yield page
    context.close()


def _at_home(url: str, told: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:")):
        told.append(f"asks {url}")


def _asked(loaded: dict[str, float], told: Any) -> None:
    if told["type"] == "Document":
        loaded.clear()
    loaded[told["requestId"]] = 0


def _came(loaded: dict[str, float], told: Any) -> None:
    loaded[told["requestId"]] = told["encodedDataLength"]

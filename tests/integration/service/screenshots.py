"""Pictures of every page, for people who look: `make screenshots`.

One scene walks from the first page to what follows the answer, another to a no, a third along the
desks; each in both languages where the pages speak them, wide and narrow, empty, with errors and
filled. What a page is called in its file is what the scene calls it.
"""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import Server, workspace
from test_declines_in_a_browser import STRAINED, STRICT
from test_offers_in_a_browser import GIVING
from test_pages_in_a_browser import log_in, press, type_code
from test_papers_in_a_browser import sealed_unclear, walk

FOLDER = Path(os.environ.get("SCREENSHOTS", "build/screenshots")).resolve()
SCENES = [("en", 1280), ("en", 375), ("zh-CN", 1280), ("zh-CN", 375)]
NAME = "Wilhelmina-Alexandra von Hohenlohe-Waldenburg-Schillingsfürst 司马相如"
_FACTORS: dict[str, str] = {}  # of the server's administrator, once it is set up
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Camera:
    """Takes a page as a whole, and refuses one that bars somebody."""

    page: Any
    place: str
    names: list[str] = field(default_factory=list)

    def __call__(self, page: Any, name: str) -> None:
        self.names.append(name)
        page.screenshot(path=FOLDER / f"{name}--{self.place}.png", full_page=True)
        browsers.open_to_everybody(page)

    def at(self, address: str, name: str) -> None:
        self.page.goto(address)
        self(self.page, name)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("shown") / "lender"
    running = Server(workspace(folder, sealed_asking(**GIVING, rules=STRICT))).start()
    FOLDER.mkdir(parents=True, exist_ok=True)
    yield running
    running.stop()
    _index()


@pytest.fixture(scope="module")
def unclear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("unclear") / "lender"
    running = Server(workspace(folder, sealed_unclear())).start()
    FOLDER.mkdir(parents=True, exist_ok=True)
    yield running
    running.stop()


@pytest.fixture(params=SCENES, ids=lambda scene: f"{scene[0]}-{scene[1]}")
def camera(request: pytest.FixtureRequest) -> Iterator[Camera]:
    language, width = request.param
    with (
        browsers.chromium() as chromium,
        browsers.page_of(chromium, language, width, "light") as page,
    ):
        yield Camera(page, f"{language}-{width}")


def test_from_the_first_page_to_a_signature(server: Server, camera: Camera) -> None:
    home, page = server.said["url"].rstrip("/"), camera.page
    camera.at(f"{home}/apply/", "01-products")
    for at, path in enumerate(("find", "range", "adjust", "open")):
        camera.at(f"{home}/apply/{path}", f"02-{at}-{path}")
    journeys.begin(page, home)
    draft = page.url
    number = iter(range(1, 100))
    journeys.fill(page, ANSWERS, lambda at, name: camera(at, f"03-{next(number):02}-{name}"))
    for path in ("", "papers", "ask", "data", "complain", "move", "delete"):
        camera.at(f"{draft}{path}", f"04-{path or 'tasks-done'}")
    _bring(camera, draft)
    _ask(camera, draft)
    camera.at(f"{draft}check", "05-check")
    journeys.send(page)
    camera(page, "06-progress")
    camera.at(f"{draft}answer", "07-offers")
    with page.expect_navigation():
        page.click(".offer button >> nth=0")
    camera(page, "08-agreement")
    press(page, "form[action$=sign] button")
    camera(page, "08-agreement-error")
    page.check("#agreed")
    page.fill("#name", NAME)
    press(page, "form[action$=sign] button")
    camera(page, "09-signed")
    camera.at(f"{draft}progress", "10-progress-signed")
    camera.at(f"{draft}data", "11-data-signed")


def test_to_a_no_and_what_follows(server: Server, camera: Camera) -> None:
    home, page = server.said["url"].rstrip("/"), camera.page
    journeys.begin(page, home)
    draft = page.url
    journeys.fill(page, STRAINED, lambda _page, _name: None)
    journeys.send(page)
    camera.at(f"{draft}answer", "20-no")
    page.click("summary >> nth=0")
    camera(page, "20-no-opened")
    page.fill("#words", "I began another job in May, and my income is higher now.")
    press(page, "form[action$=review] button, #page button >> nth=0")
    camera(page, "21-asked-to-look-again")
    camera.at(f"{draft}progress", "22-progress-no")
    camera.at(f"{draft}complain", "23-complain")
    page.fill("#words", "Nobody called me back.")
    press(page, "#page button >> nth=0")
    camera(page, "23-complained")
    camera.at(f"{home}/apply/draft-of-nobody/", "24-absent")
    camera.at(f"{draft}open", "25-open")


def test_to_something_unclear_and_its_answer(unclear: Server, camera: Camera) -> None:
    walk(camera.page, unclear.said["url"], lambda at, name: camera(at, f"30-{name}"))


def test_the_desks(server: Server, camera: Camera) -> None:
    if "zh" in camera.place:
        pytest.skip("the desks speak English alone so far")
    home, page = server.said["url"].rstrip("/"), camera.page
    camera.at(f"{home}/accounts/login/", "40-login")
    secret = _FACTORS.get(server.key, "")
    log_in(page, home, server.said["admin"]["password"])
    if secret:
        type_code(page, secret)
    else:
        _FACTORS[server.key] = _factor(camera, server.said["admin"]["password"])
    for path in ("", "strategies/", "people/", "erasures/", "messages/", "webhooks/", "docs"):
        camera.at(f"{home}/{path}", f"42-{path.strip('/') or 'home'}")


def _factor(camera: Camera, password: str) -> str:
    """Set up a second factor; its secret."""
    page = camera.page
    camera(page, "41-second-factor")
    press(page, "text=Activate")
    page.fill("[name=password]", password)
    press(page, "main button")
    camera(page, "41-second-factor-app")
    secret = page.input_value("#authenticator_secret")
    type_code(page, secret)
    return str(secret)


def _bring(camera: Camera, draft: str) -> None:
    page = camera.page
    for name, content, shown in (
        ("payslip of a very long name for a very short month.png", _PIXEL, "04-papers-brought"),
        ("notes.docx", b"no paper", "04-papers-refused"),
    ):
        page.goto(f"{draft}papers")
        paper = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        page.set_input_files("input[type=file]", paper)
        press(page, "form:has(input[type=file]) button")
        camera(page, shown)


def _ask(camera: Camera, draft: str) -> None:
    page = camera.page
    page.goto(f"{draft}ask")
    page.fill("#question", "Can I repay early?")
    press(page, "#page .ways button >> nth=0")
    camera(page, "04-ask-answered")
    press(page, "#page .ways button >> nth=1")
    camera(page, "04-ask-a-person")


def _index() -> None:
    """A page with all of them, side by side."""
    rows: dict[str, list[str]] = {}
    for file in sorted(FOLDER.glob("*--*.png")):
        rows.setdefault(file.stem.partition("--")[0], []).append(file.name)
    parts = [
        f"<h2>{html.escape(name)}</h2><div>"
        + "".join(
            f'<a href="{each}"><img loading="lazy" src="{each}" alt="{html.escape(each)}"></a>'
            for each in sorted(files)
        )
        + "</div>"
        for name, files in rows.items()
    ]
    (FOLDER / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Every page</title><style>"
        "body{font:16px system-ui;margin:2rem}div{display:flex;gap:1rem;align-items:flex-start;"
        "overflow-x:auto}img{border:1px solid #ccc;max-height:70vh}</style><h1>Every page</h1>"
        + "\n".join(parts),
        encoding="utf-8",
    )

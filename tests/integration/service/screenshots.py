"""Pictures of every page, for people who look: `make screenshots`.

People walk all ways through an applicant's pages (`walks.py`), and one person along the desks; each
in both languages where the pages speak them, wide and narrow, empty, with errors and filled. What a
page is called in its file is what the walk calls it.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import browsers
import pytest
from test_pages_in_a_browser import log_in, press, type_code
from walked import WAYS, Lender, Tour

FOLDER = Path(os.environ.get("SCREENSHOTS", "build/screenshots")).resolve()
SCENES = [
    (language, width, scheme)
    for language in ("en", "zh-CN")
    for width in (1280, 375)
    for scheme in ("light", "dark")
    if scheme == "light" or width == 375
]
_EACH = 60  # pictures of a way, at most
_FACTORS: dict[str, str] = {}  # of a server's administrator, once it is set up


class Camera:
    """Takes a page as a whole."""

    def __init__(self, place: str, first: int) -> None:
        self._place, self._number = place, first

    def __call__(self, page: Any, name: str) -> None:
        self._number += 1
        file = f"{self._number:03}-{name}--{self._place}.png"
        page.screenshot(path=FOLDER / file, full_page=True)

    def at(self, page: Any, address: str, name: str) -> None:
        page.goto(address)
        self(page, name)


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    place = Lender(tmp_path_factory.mktemp("shown"))
    yield place
    place.stop()
    _index()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: "-".join(map(str, scene)))
def test_applicants(lender: Lender, scene: tuple[str, int, str], way: str) -> None:
    camera = Camera(_place(scene), _EACH * list(WAYS).index(way))
    with browsers.chromium() as chromium:
        WAYS[way](Tour(lender, partial(_opened, chromium, scene), camera))


@pytest.mark.parametrize("scene", SCENES[:3], ids=lambda scene: "-".join(map(str, scene)))
def test_desks(lender: Lender, scene: tuple[str, int, str]) -> None:
    camera, server = Camera(_place(scene), _EACH * len(WAYS)), lender.server()
    home, password = server.said["url"].rstrip("/"), server.said["admin"]["password"]
    with browsers.chromium() as chromium, _opened(chromium, scene) as page:
        camera.at(page, f"{home}/accounts/login/", "login")
        log_in(page, home, password)
        if server.key in _FACTORS:
            type_code(page, _FACTORS[server.key])
        else:
            _FACTORS[server.key] = _factor(camera, page, password)
        for path in ("", "strategies/", "people/", "erasures/", "messages/", "webhooks/", "docs"):
            camera.at(page, f"{home}/{path}", path.strip("/") or "home")


def _opened(chromium: Any, scene: tuple[str, int, str]) -> AbstractContextManager[Any]:
    return browsers.page_of(chromium, *scene)


def _place(scene: tuple[str, int, str]) -> str:
    language, width, scheme = scene
    return f"{language}-{width}" + ("" if scheme == "light" else "-dark")


def _factor(camera: Camera, page: Any, password: str) -> str:
    """Set up a second factor; its secret."""
    camera(page, "second-factor")
    press(page, "text=Activate")
    page.fill("[name=password]", password)
    press(page, "main button")
    camera(page, "second-factor-app")
    secret = page.input_value("#authenticator_secret")
    type_code(page, secret)
    return str(secret)


def _index() -> None:
    """A page with all of them: a row of pictures for each page, by the way on which it is met."""
    rows: dict[str, list[str]] = {}
    for file in sorted(FOLDER.glob("*--*.png")):
        rows.setdefault(file.stem.partition("--")[0], []).append(file.name)
    links = "".join(f'<a href="#{name}">{html.escape(name)}</a> ' for name in rows)
    (FOLDER / "index.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page</title><style>"
        "body{font:16px/1.5 system-ui;margin:2rem;color-scheme:light dark}nav a{margin-right:.6rem;"
        "white-space:nowrap}section{border-top:1px solid #999;margin-top:2rem}"
        "div{display:flex;gap:1rem;align-items:flex-start;overflow-x:auto}figure{margin:0}"
        "img{border:1px solid #999;max-height:75vh}</style><h1>Every page</h1>"
        f"<p>{len(rows)} pages and states, each as people meet it.</p><nav>{links}</nav>"
        + "\n".join(_row(name, files) for name, files in rows.items()),
        encoding="utf-8",
    )


def _row(name: str, files: list[str]) -> str:
    pictures = "".join(
        f"<figure><figcaption>{html.escape(Path(each).stem.partition('--')[2])}</figcaption>"
        f'<a href="{each}"><img loading="lazy" src="{each}" alt="{html.escape(name)}"></a></figure>'
        for each in sorted(files)
    )
    return f'<section id="{name}"><h2>{html.escape(name)}</h2><div>{pictures}</div></section>'

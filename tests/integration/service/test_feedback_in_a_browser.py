"""Somebody says how it went in a real browser: open to everybody, in both languages, wide and
narrow, light and dark, without JavaScript."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import Server, environment, workspace

# What a worker does every five minutes, at once.
JOB = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.service.project.settings"
import django
django.setup()
from equipoise.service.contexts.feedback.tasks import ask_how_it_went
ask_how_it_went.func()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("asked") / "lender"
    running = Server(workspace(folder, sealed_asking()), background=False).start()
    yield running
    running.stop()


def ask(server: Server) -> None:
    result = {**environment(server.url), "EQUIPOISE_WORKSPACE": str(server.folder)}
    subprocess.run([sys.executable, "-c", JOB], env={**os.environ, **result}, check=True)


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_how_it_went_is_asked_of_everybody_alike(
    server: Server, language: str, width: int, scheme: str
) -> None:
    with (
        browsers.chromium() as chromium,
        browsers.page_of(chromium, language, width, scheme) as page,
    ):
        journeys.begin(page, server.said["url"])
        home = page.url.rstrip("/")
        journeys.fill(page, ANSWERS, lambda _page, _name: None, f"{language}.{width}@example.com")
        page.goto(f"{home}/contact")
        page.check("#asking_back")
        journeys.go_on(page)
        page.goto(f"{home}/check")
        journeys.send(page)
        ask(server)
        page.goto(f"{home}/progress")
        assert page.locator(".taps button").count() == 5
        browsers.open_to_everybody(page)
        for _ in ("satisfaction", "effort"):
            with page.expect_navigation():
                page.click(".taps button >> nth=-1")
            browsers.open_to_everybody(page)
        page.fill("#words", "a" * 1001)
        with page.expect_navigation():
            page.click("main form button")
        browsers.open_to_everybody(page)
        page.fill("#words", "Fewer letters.")
        with page.expect_navigation():
            page.click("main form button")
        browsers.open_to_everybody(page)
        assert page.locator("form.feedback, #words").count() == 0

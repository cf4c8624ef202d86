"""A question that is answered with a document, in a real browser: open to everybody, with and
without JavaScript, wide and narrow, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS
from documenting import PAYSLIP, PLAN, sealed_documents
from processes import Server, workspace
from test_papers import pdf, photo

NAME = "scan_of_the_payslip_of_march_of_somebody_whose_file_has_a_very_long_name.jpg"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("documents") / "lender"
    running = Server(workspace(folder, sealed_documents()), background=False).start()
    yield running
    running.stop()


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_document_is_brought_changed_and_sent_by_everybody(  # noqa: PLR0917 - a scene's parts
    server: Server, tmp_path: Path, language: str, width: int, scheme: str, scripts: bool
) -> None:
    files = {NAME: photo(), "plan.pdf": pdf(), "april.pdf": pdf(), "game.exe": b"MZ" + bytes(400)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with browsers.chromium() as chromium:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale=language,
            java_script_enabled=scripts,
            bypass_csp=True,  # axe is a script of the test's own
        )
        context.set_default_timeout(browsers.PATIENCE)
        page = context.new_page()

        def look(_page: Any = None, _name: str = "") -> None:
            if scripts:
                assert browsers.barriers(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("h1").count() == 1

        def bring(name: str) -> None:
            page.set_input_files("#paper", tmp_path / name)
            journeys.go_on(page)
            look()

        journeys.begin(page, server.said["url"])
        home = page.url
        page.goto(f"{home}q/{PAYSLIP}")
        look()
        bring("game.exe")
        assert page.locator("#fault").count() == 1
        bring(NAME)
        assert page.url.endswith(PLAN), "it goes on with the next"
        page.goto(f"{home}q/{PAYSLIP}")
        look()
        assert NAME in page.text_content("main")
        with page.expect_navigation():
            page.click("button[value=remove]")
        assert NAME not in page.text_content("main")
        page.goto(home)
        answers = {**ANSWERS, PAYSLIP: str(tmp_path / NAME)}
        # Of what may be left out an empty page is an answer: it is brought afterwards.
        journeys.fill(page, answers, look)
        page.goto(f"{home}check")
        look()
        assert NAME in page.text_content("main")
        page.goto(f"{home}q/{PLAN}")
        bring("plan.pdf")
        assert "plan.pdf" in page.text_content("main")
        with page.expect_navigation():
            page.click(f"main a[href$='/q/{PAYSLIP}']")
        bring("april.pdf")
        said = page.text_content("main")
        assert "april.pdf" in said
        assert NAME not in said
        journeys.send(page)
        look()
        assert page.url.endswith("/progress")
        context.close()

"""The pages by which a person comes back to their application, and makes them theirs: a real
server, real mail, a real browser, without a script of ours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
from applying import ANSWERS, asking_contract
from corner_lender import content
from mail_server import MailServer, serving_mail
from processes import Server, until

from equipoise.strategy.sealing import seal

SHOTS = Path(os.environ["EQUIPOISE_SHOTS"]) if "EQUIPOISE_SHOTS" in os.environ else None
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with serving_mail() as service:
        yield service


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("opening") / "lender"
    (folder / "sealed").mkdir(parents=True)
    asked = content().model_copy(update={"contract": asking_contract()})
    (folder / "sealed" / "corner-v1.json").write_bytes(seal(asked).text().encode())
    more = {
        "EQUIPOISE_MESSAGES": "send",
        "EQUIPOISE_MAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "EQUIPOISE_ADDRESS": "https://apply.example.com",
    }
    service = Server(folder, more=more).start()
    yield service
    service.stop()


@pytest.fixture
def browser() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


def looked_at(page: Any, name: str) -> None:
    """No barrier, wide and narrow, light and dark; nothing hangs over the edge."""
    for width, schemes in browsers.LOOKS.items():
        page.set_viewport_size({**WIDE, "width": width})
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, (name, width)
        for scheme, rules in schemes.items():
            page.emulate_media(color_scheme=scheme)
            assert browsers.barriers(page, *rules) == [], (name, scheme, width)
            if SHOTS is not None:
                page.screenshot(path=SHOTS / f"{name}-{scheme}-{width}.png", full_page=True)
    page.set_viewport_size(WIDE)


def press(page: Any, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)


def in_chinese(page: Any) -> None:
    press(page, "footer button[lang=zh-Hans]")


def begin(page: Any, url: str, email: str) -> str:
    """Begin, and give a way to be reached; the draft's address."""
    page.goto(f"{url}/apply/")
    looked_at(page, "products")
    press(page, "main button")
    home = str(page.url)
    page.goto(f"{home}contact")
    looked_at(page, "contact")
    press(page, "main button[value=on]")
    looked_at(page, "contact-empty")
    page.fill("[name=email]", email)
    press(page, "main button[value=on]")
    page.fill("[name=answer]", ANSWERS["amount"])
    press(page, "main button[value=on]")
    return home


def code_for(mail: MailServer, email: str) -> str:
    """The one that was sent there, once it has come."""
    said = [str(each.get_content()) for each in mail.to(email)]
    return next((each for text in said for each in re.findall(r"\b\d{6}\b", text)), "")


def test_a_person_goes_on_in_another_browser(
    server: Server, mail: MailServer, browser: Any
) -> None:
    url = server.said["url"]
    email = "on@example.com"
    home = begin(browser.new_context(java_script_enabled=True).new_page(), url, email)
    other = browser.new_context().new_page()
    other.goto(home)
    looked_at(other, "absent")
    press(other, "main section:first-of-type a")
    looked_at(other, "open")
    in_chinese(other)
    looked_at(other, "open-zh")
    press(other, "main button[value=on]")
    looked_at(other, "code-zh")
    press(other, "main button[value=on]")
    looked_at(other, "code-wrong-zh")
    other.fill("[name=code]", until(lambda: code_for(mail, email)))
    press(other, "main button[value=on]")
    assert other.url == home
    looked_at(other, "tasks")
    other.goto(f"{home}check")
    assert email in other.text_content("main")
    looked_at(other, "check")


def test_a_person_looks_for_their_application_and_makes_pages_theirs(
    server: Server, mail: MailServer, browser: Any
) -> None:
    url, email = server.said["url"], "theirs@example.com"
    first = browser.new_context().new_page()
    begin(first, url, email)
    reference = first.text_content(".reference").split()[-1]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/apply/open")
    press(page, "main button[value=on]")
    assert page.url.endswith("/apply/open")
    page.fill("[name=reference]", reference)
    page.fill("[name=contact]", email)
    press(page, "main button[value=on]")
    page.fill("[name=code]", until(lambda: code_for(mail, email)))
    press(page, "main button[value=on]")
    assert page.text_content(".reference").split()[-1] == reference
    page.goto(f"{page.url}q/amount")
    page.fill("[name=answer]", "9,000")
    press(page, "footer button[value=adjust]")
    for chosen in ("size-largest", "contrast-more", "light-dark", "room-more"):
        page.check(f"#{chosen}")
    press(page, "main button[value=on]")
    assert page.input_value("[name=answer]") == "9,000"
    scripted = browser.new_context(storage_state=context.storage_state()).new_page()
    for way, name in (("apply/adjust", "adjust"), ("apply/open", "search")):
        scripted.goto(f"{url}/{way}")
        looked_at(scripted, f"{name}-largest-dark")
    scripted.goto(page.url)
    looked_at(scripted, "question-largest-dark")
    scripted.goto(f"{url}/apply/adjust")
    in_chinese(scripted)
    looked_at(scripted, "adjust-largest-dark-zh")
    scripted.goto(f"{url}/apply/open")
    looked_at(scripted, "search-largest-dark-zh")
    plain = browser.new_context().new_page()
    plain.goto(f"{url}/apply/adjust")
    looked_at(plain, "adjust")
    plain.check("#light-dark")
    plain.check("#room-less")
    press(plain, "main button[value=on]")
    looked_at(plain, "products-dark-dense")
    plain.goto(f"{url}/apply/open")
    press(plain, "main button[value=on]")
    looked_at(plain, "search-wrong")


def test_a_person_looks_at_all_that_is_held_about_them(server: Server, browser: Any) -> None:
    url = server.said["url"]
    page = browser.new_context(accept_downloads=True).new_page()
    home = begin(page, url, "held@example.com")
    page.goto(f"{home}data")
    looked_at(page, "data-open")
    page.goto(f"{home}contact")
    page.check("#asking_back")  # what can be taken back
    press(page, "main button[value=on]")
    for question in ("term", "income"):
        page.goto(f"{home}q/{question}")
        page.fill("[name=answer]", ANSWERS[question])
        press(page, "main button[value=on]")
    page.goto(f"{home}q/employment")
    page.check(f"[value={ANSWERS['employment']}]")
    press(page, "main button[value=on]")
    for purpose in ("decision", "sources"):
        page.check(f"[name={purpose}]")
    press(page, "main button[value=on]")
    press(page, "main form button")
    press(page, f"main a[href$='{home.removeprefix(url)}data']")
    looked_at(page, "data")
    with page.expect_download() as taken:
        page.click("main a[download]")
    assert "income" in Path(taken.value.path()).read_text()
    press(page, "main form button.second")
    press(page, "main a[href$=erase]")
    looked_at(page, "erase")
    press(page, "main button.grave")
    press(page, "main a[href$=progress]")
    in_chinese(page)
    page.goto(f"{home}data")
    looked_at(page, "data-zh")

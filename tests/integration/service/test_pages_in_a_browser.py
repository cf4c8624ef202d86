"""The service's pages as a person meets them: a real server, a real browser, a second factor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
from authenticator import code
from lender import facts
from processes import Server, command, until, workspace
from receiver import Receiver, receiving

TRIES = 5
SHOTS = Path(os.environ["EQUIPOISE_SHOTS"]) if "EQUIPOISE_SHOTS" in os.environ else None


@pytest.fixture
def browser() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as there:
        yield there


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = workspace(tmp_path_factory.mktemp("pages") / "lender")
    service = Server(folder, more={"EQUIPOISE_WEBHOOK_PRIVATE": "127.0.0.1"}).start()
    yield service
    service.stop()


def press(page: Any, selector: str) -> None:
    """Press a button or follow a link, and wait for the page that it leads to: open to anyone."""
    with page.expect_navigation():
        page.click(selector)
    assert browsers.barriers(page) == [], page.url


def visit(page: Any, url: str, *rules: str) -> None:
    page.goto(url)
    assert browsers.barriers(page, *rules) == [], url


def type_code(page: Any, secret: str) -> None:
    """As a person does: whose code has passed away before it arrived types the next one."""
    for _ in range(TRIES):
        page.fill("[name=code]", code(secret))
        press(page, "main button")
        if page.locator("[name=code]").count() == 0:
            return
    raise AssertionError(page.text_content("main"))


def log_in(page: Any, url: str, password: str) -> None:
    visit(page, f"{url}/webhooks/")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", password)
    press(page, "main button")


def erase_on_the_page(page: Any, url: str) -> None:
    visit(page, f"{url}/erasures/")
    page.fill("[name=identifier]", facts()["application_id"])
    press(page, "main button")
    assert page.text_content("h1") == "What would go"
    page.check("[name=sure]")
    press(page, "main button")
    until(lambda: page.reload() and "stands in them" in page.text_content("main"))
    visit(page, f"{url}/erasures/")
    assert "done" in page.text_content("main table")


def test_a_person_sets_up_a_second_factor_sees_what_arrived_and_sends_again(
    server: Server, receiver: Receiver, browser: Any
) -> None:
    receiver.status = 503
    made = {"url": receiver.url, "events": ["decision.made"], "name": "core <b>banking</b>"}
    assert server.call("POST", "/v1/webhooks", made)[0] == 201
    assert server.decide(facts(), "one")[0] == 201
    until(lambda: receiver.got)
    url, password = server.said["url"], server.said["admin"]["password"]
    page = browser.new_context(viewport={"width": 1100, "height": 800}).new_page()
    page.set_default_timeout(browsers.PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type} {message.text}"))
    log_in(page, url, password)
    assert page.url.endswith("/accounts/2fa/")  # not before there is a second factor
    press(page, "text=Activate")
    page.fill("[name=password]", password)  # to change who may get in, one says again who one is
    press(page, "main button")
    secret = page.input_value("#authenticator_secret")
    type_code(page, secret)
    visit(page, f"{url}/accounts/2fa/recovery-codes/")
    recovery = page.input_value("textarea").split()[0]
    visit(page, f"{url}/nowhere/")
    visit(page, url)
    erase_on_the_page(page, url)
    visit(page, f"{url}/webhooks/")
    press(page, "main table a")
    assert page.text_content("h1") == "core <b>banking</b>"
    assert "503" in page.text_content("main table")
    receiver.status = 200
    before = len(receiver.got)
    press(page, "main table button")
    assert "sent again" in page.text_content("[role=status]")
    until(lambda: len(receiver.got) > before)
    assert receiver.got[-1].id == receiver.got[0].id
    until(lambda: page.reload() and "delivered" in page.text_content("main table"))
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert browsers.barriers(page) == []
    press(page, "text=Log out")
    log_in(page, url, password)
    assert "/accounts/2fa/authenticate/" in page.url
    page.goto(f"{url}/webhooks/")
    assert "/accounts/2fa/authenticate/" in page.url  # a password alone is not enough
    page.fill("[name=code]", recovery)
    press(page, "main button")
    assert page.text_content("h1") == "Webhooks"
    refused = [each for each in complaints if "Content Security Policy" in each]
    assert refused == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_the_pages_that_programmers_read_are_open_to_anyone(
    server: Server, browser: Any, scheme: str
) -> None:
    """In the dark by their colours: axe goes over the whole API's description for a minute."""
    rules = browsers.LOOKS[1280][scheme]
    page = browser.new_context(
        viewport={"width": 1100, "height": 800}, color_scheme=scheme
    ).new_page()
    page.set_default_timeout(browsers.PATIENCE)
    for path in ("/docs", "/problems"):
        visit(page, f"{server.said['url']}{path}", *rules)


def test_somebody_who_was_invited_takes_the_account_over(server: Server, browser: Any) -> None:
    code_, made = command("user", "invite", server.folder, "ben", "--role", "approver")
    assert (code_, made["role"]) == (0, "approver")
    url, password = server.said["url"], "four plain words here"
    page = browser.new_context(viewport={"width": 1100, "height": 800}).new_page()
    page.set_default_timeout(browsers.PATIENCE)
    visit(page, url + made["link"])
    page.screenshot(path=SHOTS / "invitation.png") if SHOTS else None
    page.fill("[name=code]", "12345678")
    page.fill("[name=password]", password)
    page.fill("[name=again]", password)
    press(page, "main button")
    assert "cannot be redeemed" in page.text_content("[role=alert]")
    page.screenshot(path=SHOTS / "refused.png") if SHOTS else None
    page.fill("[name=code]", made["code"])
    page.fill("[name=password]", password)
    page.fill("[name=again]", password)
    press(page, "main button")
    if page.locator("#authenticator_secret").count() == 0:
        page.fill("[name=password]", password)  # to set up a factor, one says again who one is
        press(page, "main button")
    type_code(page, page.input_value("#authenticator_secret"))
    visit(page, url)
    page.screenshot(path=SHOTS / "home.png") if SHOTS else None
    assert "approver" in page.text_content("main")
    for path in ("/people/", "/strategies/"):
        visit(page, url + path)
        page.screenshot(path=SHOTS / f"{path.strip('/')}.png") if SHOTS else None
    press(page, "main a[href='/strategies/1/']")
    page.screenshot(path=SHOTS / "version.png") if SHOTS else None
    assert "invited by the owner of the machine" in page.text_content("main")
    page.goto(url + made["link"])
    assert page.text_content("h1") == "This invitation has ended"

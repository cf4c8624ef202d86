"""A version goes from draft into force on pages, by two people; what it has otherwise is told, and
of two who publish at once one is told by whom they were overtaken."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from corner_lender import STRATEGY
from lender import anew, ask, facts, publish, sealed, shop
from people import acting, logged_in, person

from equipoise.service.contexts.decisions import comparing
from equipoise.service.contexts.decisions.models import Compared
from equipoise.service.contexts.registry import publishing
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role

pytestmark = pytest.mark.usefixtures("sqlite_database")
PAGE = {"Accept": "text/html"}
STRICTER = [{**STRATEGY["rules"][0], "when": "dti > 0.1"}, *STRATEGY["rules"][1:]]


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def author() -> User:
    return User.objects.filter(role=Role.ANALYST).first() or person(Role.ANALYST)


def approver(name: str = "") -> User:
    return person(Role.APPROVER, name)


def approved(version: int, by: User, **changes: Any) -> Version:
    made = registry.add_draft(sealed(version, **changes), acting(author()))
    registry.check(made.pk, acting(author()))
    registry.submit(made.pk, acting(author()))
    return registry.approve(made.pk, acting(by), "looks right")


def test_a_version_goes_from_draft_into_force_on_pages() -> None:
    with anew():
        writes, judges = logged_in(author()), logged_in(approver("petra"))
        made = registry.add_draft(sealed(1), acting(author()))
        there = f"/strategies/{made.pk}/"
        assert "Check it" in said(writes.get(there))
        for step in ("check", "submit"):
            assert writes.post(f"{there}{step}").status_code == 302
        assert "made-up applications decided" in said(writes.get(there)), "what the gate found"
        zh = said(writes.get(there, headers={"Accept-Language": "zh"}))
        assert re.search(r"件虚拟申请作出决定 .*批准: \d", zh)
        assert not re.search("approve|decline|refer", zh)
        assert "Approve" not in said(writes.get(there))
        judges.post(f"{there}judge", {"answer": "approve", "reason": "looks right"})
        judges.post(f"{there}publish", {"reason": "go on", "seen": "0"})
        page = said(judges.get(there))
        assert "State in force" in page
        assert "petra go on" in page, "who did it, and why"
        assert "corner" in said(judges.get("/strategies/"))


def test_of_two_who_publish_one_is_told_by_whom_and_keeps_their_words() -> None:
    with anew():
        publish()
        one, two = approver("petra"), approver("quentin")
        first, second = approved(2, one, rules=STRICTER), approved(3, one, choose="cutoff")
        seen = re.search(r'name="seen" value="(\d+)"', logged_in(two).get(
            f"/strategies/{second.pk}/").content.decode())  # fmt: skip
        assert seen is not None
        publishing.publish(first.pk, acting(one), "the stricter one")
        late = logged_in(two).post(
            f"/strategies/{second.pk}/publish",
            {"reason": "my own words", "seen": seen[1]},
            headers=PAGE,
        )
        assert late.status_code == 409
        page = said(late)
        assert "petra was first: version 2" in page
        assert "my own words" in page
        assert Version.objects.get(pk=second.pk).state == "approved"
        again = logged_in(two).post(
            "/strategies/in-force/corner/move",
            {"reason": "take it back", "seen": seen[1], "move": "roll_back"},
            headers=PAGE,
        )
        assert (again.status_code, "take it back" in said(again)) == (409, True)


def test_what_a_version_has_otherwise_is_told_and_who_is_swapped() -> None:
    with anew():
        publish()
        client = shop()
        for number in range(30):
            ask(client, facts(application_id=f"a{number}", dti=0.05 if number % 3 else 0.2))
        made = approved(2, approver(), rules=STRICTER)
        browser = logged_in(author())
        page = said(browser.get(f"/strategies/{made.pk}/"))
        assert "What is otherwise than in version 1" in page
        assert f"rule {STRICTER[0]['name']}" in page
        browser.post(f"/strategies/{made.pk}/compare")
        assert "a worker is at it" in said(browser.get(f"/strategies/{made.pk}/"))
        comparing.compare_pair.func(Compared.objects.get().pk)
        answer = said(browser.get(f"/strategies/{made.pk}/compared"))
        assert "On the 30 applications decided last" in answer
        assert "Not any more 10" in answer, "those whose dti is above the new bound"
        assert "Profit" in answer
        zh = said(browser.get(f"/strategies/{made.pk}/", headers={"Accept-Language": "zh"}))
        assert "与生效中的版本 1 的差异" in zh


def test_a_version_is_read_as_tables_and_sentences() -> None:
    with anew():
        publish()
        page = said(
            logged_in(person(Role.AUDITOR)).get(f"/strategies/{Version.objects.get().pk}/read")
        )
        for rule in STRATEGY["rules"]:
            assert rule["name"] in page
            assert rule["when"] in page
        assert "the first row that holds decides" in page


def test_it_is_rolled_back_and_taken_out_of_force_with_a_reason() -> None:
    with anew():
        publish(1)
        publish(2, rules=STRICTER)
        browser = logged_in(approver("petra"))
        move = "/strategies/in-force/corner/move"
        assert browser.post(move, {"move": "roll_back", "reason": ""}).status_code == 409
        browser.post(move, {"move": "roll_back", "reason": "it harms", "seen": "2"})
        page = said(browser.get("/strategies/in-force/corner/"))
        assert "version 1 rolled back petra it harms" in page
        browser.post(move, {"move": "withdraw", "reason": "all of it", "seen": "3"})
        assert publishing.in_force("corner") is None
        assert "In force none" in said(browser.get("/strategies/in-force/corner/"))

"""A person adjusts how pages look, and their browser keeps it."""

from __future__ import annotations

from typing import Any

import pytest
from applying import Applicant, publish_asking
from through_door import Client

from equipoise.service.contexts.drafts.models import Draft

LARGE = {
    "size": "size-largest",
    "contrast": "contrast-more",
    "light": "light-dark",
    "room": "room-less",
    "order": "order-paid",
}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def test_pages_look_as_they_were_chosen_to() -> None:
    person = Applicant().begin()
    assert "class=" not in person.get("").content.decode().split(">")[1]
    answer = person.client.post("/apply/adjust", {**LARGE, "from": person.home})
    assert answer["Location"] == person.home
    for page in ("", "q/amount", "consents"):
        said = person.get(page).content.decode()
        assert '<html lang="en" class="size-largest contrast-more light-dark room-less">' in said
    assert person.client.get("/apply/adjust").content.decode().count(" checked") == 5


def test_whoever_adjusts_in_the_middle_of_a_page_loses_nothing() -> None:
    person = Applicant().begin()
    left = person.type("amount", "eight thousand", "adjust")
    assert left["Location"] == f"/apply/adjust?from={person.home}q/amount"
    page = person.client.get(left["Location"]).content.decode()
    assert f'value="{person.home}q/amount"' in page
    assert 'value="eight thousand"' in person.get("q/amount").content.decode()


@pytest.mark.parametrize(
    "named",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/apply//elsewhere.example",
        "/v1/",
        "/apply/\\x",
        "/apply/a?next=x",
    ],
)
def test_nobody_is_led_to_another_place(named: str) -> None:
    assert Client().post("/apply/adjust", {"from": named})["Location"] == "/apply/"
    assert named not in Client().get("/apply/adjust", {"from": named}).content.decode()


def test_what_is_no_choice_is_as_usual() -> None:
    client = Client()
    client.post("/apply/adjust", {"size": '"><script>', "light": "light-dark"})
    assert '<html lang="en" class="light-dark">' in client.get("/apply/").content.decode()
    client.cookies["equipoise-look"] = 'size-largest"onload=x'
    assert '<html lang="en">' in client.get("/apply/").content.decode()


def test_choosing_a_language_there_keeps_the_other_choices_ticked() -> None:
    client = Client()
    page = client.post("/apply/adjust", {**LARGE, "go": "language-zh"}).content.decode()
    assert '<html lang="zh-Hans"' in page
    assert 'value="size-largest" id="size-largest" checked' in page
    assert client.get("/apply/").content.decode().count("zh-Hans") == 1


def test_looking_at_the_page_changes_nothing() -> None:
    before = [*Draft.objects.values()]
    answer = Client().get("/apply/adjust", {"size": "size-largest"})
    assert "equipoise-look" not in answer.cookies
    assert [*Draft.objects.values()] == before

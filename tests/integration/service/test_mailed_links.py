"""Mail programs and scanners follow every link of a message: that opens a page and changes nothing,
whoever's browser it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from applying import ANSWERS, CONTACT, PURPOSES, Applicant, bureau, publish_asking
from django.apps import apps
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from through_door import Client

from equipoise.service.contexts.drafts import tasks as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.feedback import asking
from equipoise.service.platform.messages.reading import newest

ADDRESS = "https://apply.example.com"
LINK = re.compile(rf"{ADDRESS}(/[^\s\"<>]+)")
KNOWN = {"score": 780.0, "dti": 0.2, "on_sick_leave": False}
# How often an address asked for pages is counted, so that nobody can ask without end.
COUNTED = {"allowances.taken"}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> Iterator[None]:
    publish_asking()
    configuration = replace(settings.CONFIGURATION, messages="keep", address=ADDRESS)
    with override_settings(CONFIGURATION=configuration):
        yield


def applied(email: str, **known: Any) -> Applicant:
    """Somebody who sent their application, where that is known of them."""
    with bureau(**{**KNOWN, **known}):
        person = left_off(email, income=ANSWERS["income"])
        person.send()
    return person


def left_off(email: str, **answers: str) -> Applicant:
    """Somebody who agreed to everything and has a question left."""
    person = Applicant().begin()
    for question, text in {**ANSWERS, "income": "", **answers}.items():
        person.type(question, text)
    person.post("contact", {**CONTACT, "email": email, "asking_back": "on"})
    person.post("consents", PURPOSES)
    return person


def whole_database() -> dict[str, list[str]]:
    """Every row of every table but those that count requests."""
    tables = {model._meta.label_lower: model for model in apps.get_models()}
    return {
        name: sorted(map(repr, model._default_manager.values_list()))
        for name, model in tables.items()
        if name not in COUNTED
    }


def test_every_mailed_link_crawled_twice_changes_nothing_at_all() -> None:
    people = [
        left_off("eve@example.com"),
        left_off("ron@example.com"),
        applied("ada@example.com"),
        applied("bob@example.com", dti=0.7),  # declined by a rule
        applied("ola@example.com", on_sick_leave=True),  # looked at by a person
    ]
    people[2].post("complain", {"words": "You asked me for the same letter twice."})
    drafts.tell_applicants.func()
    asking.ask_who_left_off(timezone.now() + timedelta(hours=49))
    Draft.objects.filter(pk=people[1].draft).update(changed_at=timezone.now() - timedelta(days=26))
    drafts.warn_of_expiry.func()
    mailed = newest(100)
    said = {message.text.split("@")[0] for message in mailed}
    assert said >= {
        "draft_saved", "draft_expires", "received", "answer_ready", "ask_effort",
        "complaint_received",
    }  # fmt: skip
    links = {unescape(each) for message in mailed for each in LINK.findall(message.said)}
    readers = [Client(headers={"accept": "text/html"}), *(each.client for each in people)]
    before = whole_database()
    for reader in readers:
        crawl(reader, [*links, *links])
    after = whole_database()
    assert {name for name in before if before[name] != after[name]} == set()


def crawl(reader: Client, links: list[str]) -> None:
    """Follow each as a scanner does, and with what a form would send, and look at its head."""
    for link in links:
        for address in (link, f"{link}?scale=effort&score=7&go=on"):
            assert followed(reader, address) == 200, address
            assert reader.head(address).status_code in (200, 302), address


def followed(reader: Client, address: str) -> int:
    """The status of the page that an address ends at."""
    for _ in range(5):
        answer = reader.get(address)
        if answer.status_code != 302:
            break
        address = answer["Location"]
    return int(answer.status_code)

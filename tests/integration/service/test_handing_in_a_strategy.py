"""An author hands in a sealed strategy's file on a page: it is read aside, refused with the reason
where its seal or edition does not fit, and else a draft as any other."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from lender import anew, publish, sealed
from people import logged_in, person
from through_door import Client

from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.strategy.sealing import canonical

pytestmark = pytest.mark.usefixtures("sqlite_database")
THERE = "/strategies/upload"


def hand_in(client: Client, raw: bytes) -> str:
    """What the page says once the file was sent."""
    answer = client.post(THERE, {"file": SimpleUploadedFile("sealed.json", raw)})
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


@pytest.fixture
def analyst() -> Any:
    with anew():
        publish()
        yield logged_in(User.objects.get(role=Role.ANALYST))


def resealed(raw: bytes, **changes: Any) -> bytes:
    """A file under a whole seal, with other content."""
    content = canonical({**json.loads(raw)["sealed"], **changes})
    digest = hashlib.sha256(content.encode()).hexdigest()
    return f'{{"digest":"{digest}","sealed":{content}}}\n'.encode()


def test_a_sealed_file_is_a_draft_of_its_strategy(analyst: Client) -> None:
    page = hand_in(analyst, sealed(2))
    made = Version.objects.latest("pk")
    assert (made.number, made.state, bytes(made.content)) == (2, "draft", sealed(2))
    assert f"user.{User.objects.get(role=Role.ANALYST).pk}" in made.authors
    assert "Taken in as version 2" in page


def test_a_file_that_an_editor_laid_out_anew_is_the_same_file(analyst: Client) -> None:
    hand_in(analyst, json.dumps(json.loads(sealed(2)), indent=2).encode())
    assert bytes(Version.objects.latest("pk").content) == sealed(2)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not a sealed strategy"),
        (b"\x00\xff" * 100, "not a sealed strategy"),
        (b'{"digest":"x","sealed":' + b"[" * 100_000, "not a sealed strategy"),
        (sealed(2).replace(b"0.6", b"0.7"), "the seal is broken"),
        (resealed(sealed(2), edition=999), "sealed under edition 999"),
        (resealed(sealed(2), strategy={"name": "corner"}), "cannot be read"),
        (sealed(1), "this very strategy is in the registry"),
    ],
    ids=["empty", "bytes", "deep", "altered", "edition", "content", "twice"],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    analyst: Client, raw: bytes, why: str
) -> None:
    assert why in hand_in(analyst, raw)
    assert Version.objects.count() == 1


def test_no_file_is_told_too(analyst: Client) -> None:
    answer = analyst.post(THERE, {})
    assert "no file is chosen" in analyst.get(answer["Location"]).content.decode()


def test_only_authors_hand_in(analyst: Client) -> None:
    file = {"file": SimpleUploadedFile("sealed.json", sealed(2))}
    assert logged_in(person(Role.APPROVER)).post(THERE, file).status_code == 403
    assert Version.objects.count() == 1


def test_the_door_takes_as_many_bytes_as_the_setting_says_and_no_more(analyst: Client) -> None:
    laid_out = json.dumps(json.loads(sealed(2)), indent=2).encode() + b" " * 200_000
    assert "Taken in" in hand_in(analyst, laid_out), "more than a form may have"
    most = settings.CONFIGURATION.max_body
    much = SimpleUploadedFile("sealed.json", sealed(3) + b" " * most)
    assert analyst.post(THERE, {"file": much}).status_code == 413
    elsewhere = SimpleUploadedFile("sealed.json", b" " * 200_000)
    answer = analyst.post(f"/strategies/{Version.objects.latest('pk').pk}/check", {"x": elsewhere})
    assert answer.status_code == 413
    assert Version.objects.count() == 2


def test_a_text_in_chinese_may_be_as_long_as_one_in_english(analyst: Client) -> None:
    there = f"/strategies/{Version.objects.get().pk}/edit/check"
    answer = analyst.post(there, {"text": "# " + "字" * 50_000})
    assert answer.status_code == 200

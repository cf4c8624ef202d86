"""An analyst writes the next version on a page: as text that is checked by lines, or by a form for
its rules that writes into the same text; comments stay, and nobody's words are lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from lender import anew, publish
from people import logged_in, person
from through_door import Client

from equipoise.service.contexts.registry import editing
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role

pytestmark = pytest.mark.usefixtures("sqlite_database")
PAGE = {"Accept": "text/html"}


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def box(answer: Any) -> str:
    """What stands in the text's box."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return unescape(found[1])


def test_a_version_is_written_anew_as_text_and_keeps_its_comments() -> None:
    with anew():
        publish()
        analyst = logged_in(User.objects.get(role=Role.ANALYST))
        base = Version.objects.get()
        there = f"/strategies/{base.pk}/edit"
        text = box(analyst.get(there))
        assert "dti > 0.6" in text
        new = text.replace("dti > 0.6", "dti > 0.5") + "# agreed on 3 May\n"
        saved = analyst.post(f"{there}/save", {"text": new, "newest": "1", "go": "save"})
        made = Version.objects.latest("pk")
        assert saved["Location"] == f"/strategies/{made.pk}/"
        assert (made.number, made.state) == (2, "draft")
        assert made.authors == [f"user.{User.objects.get(role=Role.ANALYST).pk}"]
        assert "rule debts: a threshold moved. dti from 0.6 to 0.5" in said(
            analyst.get(f"/strategies/{made.pk}/")
        )
        assert "# agreed on 3 May" in box(analyst.get(f"/strategies/{made.pk}/edit"))


def test_what_is_wrong_is_told_by_line_as_it_is_typed_and_nothing_is_saved() -> None:
    with anew():
        publish()
        analyst = logged_in(User.objects.get(role=Role.ANALYST))
        there = f"/strategies/{Version.objects.get().pk}/edit"
        text = editing.text_of(Version.objects.get().pk).replace("dti > 0.6", "dtii > 0.6")
        line = next(n for n, each in enumerate(text.splitlines(), 1) if "dtii > 0.6" in each)
        told = said(analyst.post(f"{there}/check", {"text": text}))
        assert f"strategy.yaml:{line}" in told
        assert "did you mean" in told
        kept = analyst.post(f"{there}/save", {"text": text, "newest": "1"}, headers=PAGE)
        assert kept.status_code == 422
        assert "dtii > 0.6" in box(kept)
        assert Version.objects.count() == 1


def test_the_form_writes_rules_into_the_same_text() -> None:
    with anew():
        publish()
        analyst = logged_in(User.objects.get(role=Role.ANALYST))
        there = f"/strategies/{Version.objects.get().pk}/edit"
        text = "# the head stays\n" + editing.text_of(Version.objects.get().pk)
        form = {
            "text": text, "go": "rules", "newest": "1",
            "name-0": "debts", "when-0": "dti > 0.4", "outcome-0": "refer", "reason-0": "DEBTS",
            "name-1": "sick", "when-1": "on_sick_leave", "outcome-1": "refer", "reason-1": "SICK",
            "name-2": "strained_and_risky", "gone-2": "yes",
            "name-3": "tiny", "when-3": "amount < 600", "outcome-3": "decline", "reason-3": "TINY",
        }  # fmt: skip
        page = analyst.post(f"{there}/save", form)
        written = box(page)
        assert written.startswith("# the head stays\n")
        assert "dti > 0.4" in written
        assert "strained_and_risky" not in written
        assert "amount < 600" in written
        assert "It compiles" in said(page)
        assert Version.objects.count() == 1, "a form writes, and saves nothing"


def test_of_two_who_write_the_second_is_told_by_whom_and_keeps_their_text() -> None:
    with anew():
        publish()
        base = Version.objects.get()
        one, two = person(Role.ANALYST, "nora"), person(Role.ANALYST, "omar")
        text = editing.text_of(base.pk)
        there = f"/strategies/{base.pk}/edit/save"
        theirs = text.replace("dti > 0.6", "dti > 0.5")
        logged_in(one).post(there, {"text": theirs, "newest": "1"})
        mine = text.replace("dti > 0.6", "dti > 0.7")
        late = logged_in(two).post(there, {"text": mine, "newest": "1"}, headers=PAGE)
        assert late.status_code == 409
        assert "nora saved version 2 meanwhile" in said(late)
        assert "dti > 0.7" in box(late)
        again = logged_in(two).post(there, {"text": box(late), "newest": "2"})
        assert (again.status_code, Version.objects.latest("pk").number) == (302, 3)


def test_a_page_of_another_role_is_not_there() -> None:
    with anew():
        publish()
        there = f"/strategies/{Version.objects.get().pk}/edit"
        assert Client().get(there).status_code == 302
        assert logged_in(person(Role.APPROVER)).get(there).status_code == 403

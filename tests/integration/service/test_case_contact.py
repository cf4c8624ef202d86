"""On the page of a case: how its applicant came, what was sent to them, and documents beside the
facts that they show."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from lender import AUTHORITY
from letter_lender import SAFE, applied, publish_speaking
from test_cases import officer
from test_papers import brought, photo

from equipoise.service.contexts.drafts import tasks as drafts
from equipoise.service.contexts.drafts.events import DraftAnswered, DraftOpened, DraftSent
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.reading import visits_of
from equipoise.service.contexts.papers.models import Paper, PaperState
from equipoise.service.contexts.registry.reading import in_force, loaded
from equipoise.service.pages.underwriter.evidence import facts_of
from equipoise.service.platform.record import services as record


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(authority=AUTHORITY)


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def opened(client: Any, draft: Draft, **more: Any) -> Any:
    at = f"/cases/{draft.application}/"
    client.post(f"{at}open")
    return client.get(at, **more)


def test_visits_and_messages_stand_on_the_page_of_the_case() -> None:
    applied({**SAFE, "on_sick_leave": True})
    drafts.tell_applicants.func()
    draft = Draft.objects.get()
    _, client = officer("senior")
    closed = said(client.get(f"/cases/{draft.application}/"))
    assert "Earlier contact" not in closed, "hidden until the facts are opened"
    text = said(opened(client, draft))
    assert "On the pages" in text
    assert re.search(r"UTC, the web: sent it \d+ pages answered · the last: \S", text)
    assert "Messages sent" in text
    assert "UTC: We have received your application" in text
    zh = said(opened(client, draft, headers={"Accept-Language": "zh"}))
    assert "此前的联系" in zh
    assert "已发送的消息" in zh


def test_another_channel_or_half_an_hour_of_nothing_is_another_visit() -> None:
    start = datetime(2026, 5, 4, 9, tzinfo=UTC)

    def tell(type_: Any, minutes: int, channel: str = "web", by: str = "applicant", **more: Any):
        at = (start + timedelta(minutes=minutes)).isoformat()
        event = type_(product="p", channel=channel, at=at, by=by, key=None, **more)
        with transaction.atomic():
            record.append(record.event("draft-visited", event))

    tell(DraftOpened, 0)
    tell(DraftAnswered, 5, page="income")
    tell(DraftAnswered, 20, page="income")
    tell(DraftAnswered, 51, page="debts")
    tell(DraftAnswered, 52, channel="telephone", by="user.7", page="housing")
    tell(DraftSent, 60, channel="telephone", by="user.7", application="a", decision="d")
    rows = [
        (each.channel, each.by, each.pages, each.came_to, (each.began_at - start).seconds // 60)
        for each in visits_of("draft-visited")
    ]
    assert rows == [
        ("web", "applicant", ("income",), "", 0),
        ("web", "applicant", ("debts",), "", 51),
        ("telephone", "user.7", ("housing",), "sent", 52),
    ]


def test_a_document_stands_beside_the_fact_that_it_shows() -> None:
    applicant = applied({**SAFE, "on_sick_leave": True})
    brought(applicant, photo())
    draft, paper = Draft.objects.get(), Paper.objects.get()
    _, client = officer("senior")
    page = opened(client, draft).content.decode()
    assert f'href="#paper-{paper.id}"' not in page, "brought for nothing in particular"
    paper.about = "score"
    paper.save()
    page = opened(client, draft)
    row = re.search(r"<tr><th[^>]*>[^<]*</th><td>780.*?</tr>", page.content.decode(), re.DOTALL)
    assert row is not None
    assert f'href="#paper-{paper.id}"' in row[0]
    assert "1 pages" in row[0]
    paper.state = PaperState.HELD
    paper.save()
    assert "held until it is scanned" in said(opened(client, draft))


def test_a_document_shows_a_field_all_that_a_check_asks_for_or_what_is_unclear() -> None:
    contract = loaded(next(iter(in_force().values()))).content.contract
    steps = {"income": "payslip", "employment": "payslip"}
    contract = contract.model_copy(
        update={
            "fields": tuple(
                each.model_copy(update={"step": steps.get(each.name, "")})
                for each in contract.fields
            )
        }
    )
    assert facts_of("score", contract, ()) == ("score",)
    assert set(facts_of("payslip", contract, ())) == {"income", "employment"}
    assert facts_of("", contract, ()) == ()
    unclear = [{"code": "DOUBT", "feature": "score"}, {"code": "OTHER", "feature": "dti"}]
    assert facts_of("DOUBT", contract, unclear) == ("score",)

"""The service owner's pages on the journey: funnel, map, people lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from people import logged_in, person
from service_records import BEGIN, USELESS, Records
from through_door import Client

from equipoise.service.contexts.process import following, picturing
from equipoise.service.contexts.process.models import Lost, Picture
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.exports.events import ExportMade
from equipoise.service.platform.record import services as record

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def owner() -> Iterator[Client]:
    """A service owner, before a picture of three hundred people."""
    events = Records(seed=5, people=300).told()
    following.FOLLOWED.take(events)
    picturing.draw(BEGIN + timedelta(days=140))
    return logged_in(person(Role.SERVICE_OWNER))


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_nothing_is_shown_before_there_is_a_picture() -> None:
    client = logged_in(person(Role.SERVICE_OWNER))
    for path in ("/experience/", "/experience/map/"):
        assert "No picture has been drawn yet" in text(client, path)
    assert client.get("/experience/lost/")["Location"] == "/experience/"
    assert client.get("/experience/?source=other").status_code == 404


def test_the_funnel_says_who_came_and_left_and_whose_turn_it_was(owner: Client) -> None:
    page = text(owner, "/experience/")
    assert "300 people" in page
    assert "Who left at each step" in page  # the chart
    assert f"{USELESS}" in page
    assert "the lender&#x27;s" in page
    assert "What a change would gain" in page
    assert "take it away" in page
    assert "observational" in page
    grouped = text(owner, "/experience/?by=channel")
    assert "<small>branch</small>" in grouped
    assert "<small>web</small>" in grouped
    assert "<small>branch</small>" not in text(owner, "/experience/?by=nonsense")


def test_the_map_is_drawn_with_a_table_beside_it(owner: Client) -> None:
    page = text(owner, "/experience/map/")
    assert '<svg class="process-map"' in page
    assert "style=" not in page
    assert "<script" not in page
    assert "A person decides" in page
    web = text(owner, "/experience/map/?of=channel%3Dweb")
    assert '<option value="channel=web" selected>' in web


def test_who_was_lost_is_listed_and_taken_as_a_file(owner: Client) -> None:
    step = f"page.{USELESS}"
    lost = set(Lost.objects.filter(step=step).values_list("case", flat=True))
    assert len(lost) > 30
    page = text(owner, f"/experience/lost/?step={step}")
    assert all(case in page for case in lost)
    assert owner.get("/experience/lost/?step=nothing").status_code == 404
    answer = owner.post("/experience/lost/export", {"step": step, "as": "csv"})
    body = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {row["reference"] for row in rows} == lost
    assert set(rows[0]) == {"reference", "step", "left_at", "turn", "fell_silent", "channel"}
    [made] = [each.event for each in record.read([ExportMade])]
    assert (made.what, made.rows, made.filters["step"]) == ("people-lost", len(lost), step)


def test_the_pages_speak_chinese(owner: Client) -> None:
    owner.cookies["equipoise-language"] = "zh"
    page = text(owner, "/experience/")
    assert "申请旅程" in page
    assert "观察" in page  # also what the library notes
    assert "人工决定" in text(owner, "/experience/map/")


def test_a_log_that_cannot_be_read_says_so(owner: Client) -> None:
    Picture.objects.create(source="log", at=BEGIN, fault="events.parquet: the event log is empty")
    assert "the event log is empty" in text(owner, "/experience/?source=log")


def test_drawing_anew_is_asked_for_once() -> None:
    from equipoise.service.platform.jobs.reading import rows_of

    client = logged_in(person(Role.SERVICE_OWNER))
    for _ in range(3):
        assert client.post("/experience/draw").status_code == 302
    assert rows_of().filter(task_path__endswith="draw_process").count() == 1

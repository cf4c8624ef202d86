"""The queue on its page: what waits in order, the next case, who has what, and many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from at_the_desk import decided, referred, underwriter, waiting, who
from lender import AUTHORITY, anew, publish
from people import logged_in, person

from equipoise.service.contexts.cases import services
from equipoise.service.contexts.cases.models import Work
from equipoise.service.pages.underwriter.views import queue
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Role


@pytest.fixture(autouse=True)
def _in_force(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def text(client: Any, path: str = "/cases/", **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.content
    return plain(answer)


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def ids(client: Any, path: str = "/cases/") -> list[str]:
    """The pieces of work on the page, in order."""
    return re.findall(r'name="work" value="([^"]+)"', client.get(path).content.decode())


def test_an_empty_desk_says_so() -> None:
    client = logged_in(underwriter())
    assert "Nothing waits here." in text(client)
    answer = client.post("/cases/next")
    assert "No case is free for you now." in text(client, answer["Location"])


def test_the_page_shows_what_waits_why_it_is_there_and_by_when_it_is_promised() -> None:
    referred(amount=12_345.0)
    (work,) = waiting()
    page = text(logged_in(underwriter()))
    assert "1 wait: 1 free, 0 yours, 0 overdue" in page
    assert re.search(r"about .*12\D000", page)
    assert not re.search(r"12\D?345", page)  # the sum itself is the applicant's
    for word in ("Referred", work.application, "ABOVE_AUTHORITY", "grade A", "for junior", "north"):
        assert word in page
    assert "h left" in page or "min left" in page
    assert "50 % for another answer, as is believed" in page
    chinese = text(logged_in(underwriter()), **{"Accept-Language": "zh-CN"})
    for word in ("转人工", "件等待", "改变答复的可能性 50%（设定值）", "下一个案件"):
        assert word in chinese


def test_the_next_case_is_claimed_and_the_slower_reads_who_has_it() -> None:
    first, second = underwriter(), underwriter()
    referred()
    (work,) = waiting()
    quick, slow = logged_in(first), logged_in(second)
    assert quick.post("/cases/next").status_code == 302
    work.refresh_from_db()
    assert work.claimed_by == who(first).id
    answer = slow.post(f"/cases/work/{work.id}/claim")
    assert f"{first.username} has it since" in text(slow, answer["Location"])
    assert first.username in text(slow)
    quick.post(f"/cases/work/{work.id}/release")
    assert slow.post(f"/cases/work/{work.id}/claim").status_code == 302
    work.refresh_from_db()
    assert work.claimed_by == who(second).id


def test_one_sees_ones_own_what_is_free_and_what_is_put_off_by_filters() -> None:
    user = underwriter()
    client, by = logged_in(user), who(user)
    for _ in range(4):
        referred()
    mine, put_off, held, free = waiting()
    services.claim(mine.id, by)
    services.snooze(put_off.id, clock.now() + timedelta(days=1), "later", by)
    services.hold(held.id, "the payslip", by)
    assert ids(client, "/cases/?whose=mine") == [mine.id]
    assert ids(client, "/cases/?whose=free") == [free.id]
    assert ids(client, "/cases/?when=snoozed") == [put_off.id]
    assert ids(client, "/cases/?when=held") == [held.id]
    assert set(ids(client)) == {mine.id, held.id, free.id}
    assert ids(client, "/cases/?kind=review") == []
    assert ids(client, "/cases/?kind=nonsense&whose=x&when=%00") == ids(client)
    page = text(client)
    assert "3 wait: 1 free, 1 yours, 0 overdue, 1 held by the customer. 1 put off" in page
    assert "stands still" in page


def test_pages_go_on_by_cursor_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_SHOWN", 2)
    for _ in range(5):
        referred()
    expected = [row.id for row in waiting()]
    client, path, seen = logged_in(underwriter()), "/cases/", list[str]()
    while path:
        seen += ids(client, path)
        link = re.search(r'rel="next" href="([^"]+)"', client.get(path).content.decode())
        path = "" if link is None else "/cases/" + link.group(1).replace("&amp;", "&")
    assert seen == expected
    assert ids(client, "/cases/?after=nonsense") == expected[:2]


def test_many_at_once_says_what_was_done_and_what_was_refused_and_why() -> None:
    user, other = underwriter(), underwriter()
    client = logged_in(user)
    for _ in range(3):
        referred()
    one, two, three = waiting()
    services.claim(two.id, who(other))
    note = "Please look at the payslips."
    body = {"act": "assign", "to": who(other).id, "words": note, "work": [one.id, two.id, three.id]}
    answer = client.post("/cases/many", body)
    page = plain(answer)
    assert "2 done, 1 refused" in page
    assert f"{two.id} : {other.username} has it since" in page
    assert note in answer.content.decode()  # what was typed is there for another try
    assert set(Work.objects.values_list("claimed_by", flat=True)) == {who(other).id}
    until = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    mine = logged_in(other)
    put_off = {"act": "snooze", "until": until, "words": "the employer calls", "work": [one.id]}
    assert "1 done, 0 refused" in plain(mine.post("/cases/many", put_off))
    assert ids(mine, "/cases/?when=snoozed") == [one.id]
    assert mine.post(f"/cases/work/{one.id}/wake").status_code == 302
    assert ids(mine, "/cases/?when=snoozed") == []


@pytest.mark.parametrize(
    "body",
    [
        {"act": "release"},
        {"act": "assign", "words": ""},
        {"act": "snooze", "words": "because", "until": "tomorrow"},
        {"act": "delete", "words": "because"},
    ],
)
def test_what_lacks_something_is_refused_and_what_was_typed_stays(body: dict[str, str]) -> None:
    client = logged_in(underwriter())
    referred()
    (work,) = waiting()
    chosen = {} if body["act"] == "release" else {"work": work.id}
    answer = client.post("/cases/many", {**body, **chosen})
    assert "0 done" not in plain(answer)
    page = answer.content.decode()
    assert body.get("words", "") in page
    assert ("checked" in page) == bool(chosen)


def test_others_who_read_cases_take_none_and_see_every_branch() -> None:
    referred("north")
    referred("south")
    waiting()
    auditor = logged_in(person(Role.AUDITOR))
    page = text(auditor)
    assert "2 wait" in page
    assert "Next case" not in page
    assert "1 wait" not in text(auditor, "/cases/?branch=south")  # the count is of all
    assert auditor.post("/cases/next").status_code == 403
    assert "1 wait" in text(logged_in(underwriter()))


def test_what_the_machine_answered_is_not_there() -> None:
    decided()
    assert "Nothing waits here." in text(logged_in(underwriter()))

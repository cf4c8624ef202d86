"""What an application is between its decisions: pinned, open or decided, in a language."""

from __future__ import annotations

from typing import Any

from lender import ask, facts, publish, shop
from step_lender import step_strategy

from equipoise.service.contexts.applications.derived import TABLE
from equipoise.service.contexts.applications.models import Application
from equipoise.service.platform.record.deriving import DIFFERS, Difference
from equipoise.service.platform.record.proving import verify_record, verify_rows

SICK = {"application_id": "sick", "on_sick_leave": True}  # a rule refers them


def row_of(decision: dict[str, Any]) -> Application:
    return Application.objects.get(pk=decision["application"])


def test_it_is_open_until_nothing_more_is_to_come(client: Any) -> None:
    first = ask(client, facts(**SICK)).json()
    row = row_of(first)
    assert (first["outcome"], row.state, row.step) == ("refer", "open", first["id"])
    again = ask(client, facts(application_id="sick", on_sick_leave=False)).json()
    assert again["application"] == first["application"]
    row = row_of(again)
    assert (again["outcome"], row.state, row.step) == ("approve", "decided", again["id"])
    assert row.changed_at.isoformat(timespec="microseconds") == again["made_at"]
    assert Application.objects.count() == 1
    assert verify_record().valid


def test_it_goes_on_with_what_it_was_pinned_to_whatever_is_published(client: Any) -> None:
    first = ask(client, facts(**SICK)).json()
    publish(2)
    again = ask(client, facts(**SICK)).json()
    row = row_of(again)
    assert (row.digest, again["digest"]) == (first["digest"], first["digest"])
    assert (row.way, row.propensity) == ("champion", 1.0)
    other = ask(client, facts(application_id="other")).json()
    assert row_of(other).digest == other["digest"] != first["digest"]


def test_its_area_is_where_it_was_asked_last(client: Any) -> None:
    for branch in ("north", "south"):
        made = ask(client, facts(**SICK), branch=branch).json()
        assert row_of(made).branch == branch
    assert wrong() == []


def test_the_applicant_is_spoken_to_in_the_language_that_was_said(client: Any) -> None:
    publish(raw=step_strategy(choose="table", languages=("en", "zh")).sealed.text().encode())
    first = ask(client, facts(**SICK), language="zh-CN").json()
    assert row_of(first).language == "zh-CN"
    again = ask(client, facts(**SICK)).json()  # says none: it stays
    assert row_of(again).language == "zh-CN"
    assert words(client, again) == "zh"
    assert words(client, again, "?lang=en") == "en"
    third = ask(client, facts(**SICK), language="nl").json()
    assert row_of(third).language == "nl"
    assert words(client, third) == "en"  # the strategy has no words in Dutch
    assert wrong() == []


def test_a_program_asks_where_its_application_stands_and_nobody_elses(client: Any) -> None:
    made = ask(client, facts(**SICK), language="pt-BR").json()
    where = f"/v1/applications/{made['application']}"
    assert client.get(where).json() == {
        "id": made["application"],
        "state": "open",
        "strategy": made["strategy"],
        "digest": made["digest"],
        "language": "pt-BR",
        "decision": made["id"],
        "changed_at": f"{made['made_at'][:23]}Z",  # to the millisecond, as other moments
    }
    assert shop().get(where).status_code == 404
    assert client.get("/v1/applications/none").status_code == 404


def test_what_is_no_language_is_refused(client: Any) -> None:
    for language in ("english please", "z", "zh_CN", "<b>", "en-" + "x" * 20, 7):
        refused = ask(client, language=language)
        assert refused.status_code == 422
        assert "language" in refused.content.decode()
    assert Application.objects.count() == 0


CHANGED = {
    "begun_by": "program.x", "branch": "south", "language": "fr", "state": "decided",
    "strategy": "other", "digest": "0" * 64, "way": "challenger", "propensity": 0.5,
    "step": "decision-f",
}  # fmt: skip


def test_a_changed_column_is_named(client: Any) -> None:
    ask(client, facts(**SICK))
    made = ask(client, facts(**SICK)).json()
    row = row_of(made)
    for column, value in CHANGED.items():
        Application.objects.update(**{column: value})
        named = {(each.id, each.what, each.columns) for each in wrong()}
        assert named == {(made["application"], DIFFERS, (column,))}
        row.save()
    assert wrong() == []


def test_a_row_that_stands_at_a_former_step_is_named(client: Any) -> None:
    first = ask(client, facts(**SICK)).json()
    before = Application.objects.get()
    ask(client, facts(**SICK))
    Application.objects.update(step=first["id"], changed_at=before.changed_at)
    assert {each.columns for each in wrong()} == {("step",)}


def wrong() -> list[Difference]:
    """Where these rows are not as the record tells."""
    return [each for each in verify_rows().differences if each.table == TABLE]


def words(client: Any, decision: dict[str, Any], asked: str = "") -> str:
    said = client.get(f"/v1/decisions/{decision['id']}/explanation{asked}").json()
    return str(said["language"])

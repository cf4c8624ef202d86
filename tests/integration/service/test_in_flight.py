"""An application in flight keeps what its chain knows: nothing is forgotten by leaving it out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lender import anew, ask, facts, publish, shop
from step_lender import step_strategy

from equipoise.service.contexts.applications.facts import with_known
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.subjects import open_sealed

BIG = {"application_id": "big", "amount": 12000.0}  # the table gives it the full journey
OWED = ["income", "call"]


def replayed(client: Any, decision: dict[str, Any]) -> bool:
    answer = client.post(
        f"/v1/decisions/{decision['id']}/replay", content_type="application/json"
    ).json()
    assert answer["differences"] == []
    return bool(answer["identical"])


def owed(decision: dict[str, Any]) -> list[str]:
    return [each["name"] for each in decision["conditions"]]


def test_asked_for_a_check_and_sent_again_without_checks_it_is_asked_for_again(
    client: Any,
) -> None:
    first = ask(client, facts(**BIG, checks={})).json()
    again = ask(client, facts(**BIG)).json()
    for each in (first, again):
        assert (each["outcome"], each["next_check"], owed(each)) == ("ask_for_more", "income", OWED)
    assert again["application"] == first["application"]
    assert replayed(client, again)


def test_whoever_sends_no_results_is_approved_on_conditions_and_turns_them_off_in_the_chain(
    client: Any,
) -> None:
    first = ask(client, facts(**BIG)).json()
    assert (first["outcome"], owed(first), first["next_check"]) == ("approve", OWED, None)
    assert ask(client, facts(**BIG)).json()["conditions"] == first["conditions"]
    part = ask(client, facts(**BIG, checks={"call": "passed"})).json()
    assert (part["outcome"], part["next_check"], owed(part)) == ("ask_for_more", "income", OWED[:1])
    done = ask(client, facts(**BIG, checks={"income": "passed"})).json()
    assert (done["outcome"], owed(done)) == ("approve", [])
    assert {part["application"], done["application"]} == {first["application"]}
    assert replayed(client, done)
    assert ask(client, facts(**BIG)).json()["application"] != first["application"]
    assert verify_record().valid


@pytest.mark.parametrize("left_out", ["without", "null", "none"])
def test_what_is_passed_stays_passed(client: Any, left_out: str) -> None:
    ask(client, facts(**BIG, checks={"income": "passed"}))
    given = {"without": {}, "null": {"checks": None}, "none": {"checks": {}}}[left_out]
    again = ask(client, facts(**BIG, **given)).json()
    assert (again["next_check"], owed(again)) == ("call", ["call"])


def test_a_stop_is_heard_whether_or_not_a_check_was_asked_for(client: Any) -> None:
    unasked = ask(client, facts(**BIG, checks={"call": "stopped"})).json()
    small = ask(client, facts(application_id="small", checks={"income": "stopped"})).json()
    for each in (unasked, small):
        assert (each["outcome"], each["reasons"], each["conditions"]) == (
            "decline", ["CHECK_STOPPED"], [],
        )  # fmt: skip


def test_a_stop_waits_for_the_answer_of_a_person_and_a_changed_result_is_taken(
    client: Any,
) -> None:
    sick = {**BIG, "on_sick_leave": True}
    ask(client, facts(**sick, checks={"income": "stopped"}))
    still = ask(client, facts(**sick)).json()
    assert still["outcome"] == "refer"
    assert open_sealed(read(still["id"]).sealed)["application"]["checks"] == {"income": "stopped"}
    ask(client, facts(**sick, checks={"income": "passed"}))
    turned = ask(client, facts(**BIG, on_sick_leave=False)).json()
    assert (turned["outcome"], turned["next_check"]) == ("ask_for_more", "call")
    assert replayed(client, turned)


def test_a_stop_is_not_undone_by_leaving_it_out(client: Any) -> None:
    sick = {**BIG, "on_sick_leave": True}
    ask(client, facts(**sick, checks={"income": "stopped"}))
    well = ask(client, facts(**BIG, on_sick_leave=False)).json()
    assert (well["outcome"], well["reasons"]) == ("decline", ["CHECK_STOPPED"])


def test_a_fact_left_out_is_the_one_known_and_null_is_null(client: Any) -> None:
    given = facts(**BIG, dti=0.4, checks={})
    ask(client, given)
    less = ask(client, {n: v for n, v in given.items() if n not in ("dti", "income")}).json()
    known = open_sealed(read(less["id"]).sealed)["application"]
    assert (known["dti"], known["income"]) == (0.4, 3000)
    none = ask(client, {**given, "dti": None}).json()
    assert open_sealed(read(none["id"]).sealed)["application"]["dti"] is None
    assert none["application"] == less["application"]


def test_step_by_step_the_facts_of_a_later_step_stay_known(sqlite_database: Any) -> None:
    with anew():
        publish(raw=step_strategy(choose="table").sealed.text().encode())
        client = shop()
        whole = facts(application_id="steps", score=650.0, dti=0.2)
        first = ask(client, {n: v for n, v in whole.items() if n not in ("income", "dti")}).json()
        assert (first["next_check"], first["conditions"]) == ("form", [])
        form = {"application_id": "steps", "income": whole["income"]}
        second = ask(client, form).json()
        assert second["next_check"] == "papers"
        third = ask(client, {"application_id": "steps", "dti": whole["dti"]}).json()
        assert (third["outcome"], third["next_check"]) == ("ask_for_more", "income")
        assert {first["application"], second["application"]} == {third["application"]}
        last = ask(client, {"application_id": "steps", "checks": {"income": "passed"}}).json()
        assert replayed(client, last)
        assert ask(client, whole).json()["reasons"] == last["reasons"]


RESULTS = st.none() | st.dictionaries(
    st.sampled_from(["income", "call"]), st.sampled_from(["passed", "stopped"])
)
GIVEN = st.fixed_dictionaries(
    {},
    optional={"dti": st.none() | st.just(0.3), "income": st.just(3000.0), "checks": RESULTS},
)


@given(sent=st.lists(GIVEN, min_size=1, max_size=5))
def test_what_is_known_is_the_last_that_was_said_of_each(sent: list[dict[str, Any]]) -> None:
    known: dict[str, Any] = {}
    for each in sent:
        known = with_known(known, each)
    for name in ("dti", "income"):
        said = [each[name] for each in sent if name in each]
        assert (known.get(name), name in known) == (said[-1] if said else None, bool(said))
    results: dict[str, str] = {}
    for each in sent:
        results |= each.get("checks") or {}
    assert (known.get("checks") or {}) == results


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_what_is_answered_and_what_the_customer_reads_never_disagree(
    client: Any, data: st.DataObject
) -> None:
    changes = {
        "application_id": data.draw(st.uuids().map(str)),
        "amount": data.draw(st.sampled_from([8000.0, 12000.0, 30000.0])),
        "score": data.draw(st.sampled_from([520.0, 650.0, 780.0])),
        "on_sick_leave": data.draw(st.booleans()),
    }
    for results in data.draw(st.lists(RESULTS, min_size=1, max_size=3)):
        answer = ask(client, facts(**changes, checks=results)).json()
        words = client.get(f"/v1/decisions/{answer['id']}/explanation").json()
        labels = [each["label"][words["language"]] for each in answer["conditions"]]
        assert all(label in words["text"] for label in labels)
        assert len(words["conditions"]) == len(labels)
        plain = words["headline"].startswith("Yes:")
        assert plain == (answer["outcome"] == "approve" and not labels)
        assert (answer["next_check"] is None) == (answer["outcome"] != "ask_for_more")
        if answer["next_check"]:
            assert answer["next_check"] == owed(answer)[0]
        assert bool(labels) <= (answer["outcome"] in ("approve", "counter_offer", "ask_for_more"))

"""Who is the same applicant: one text for one identifier, and nobody by an empty one."""

from __future__ import annotations

from typing import Any

import pytest
from corner_lender import CONTRACT, content
from lender import ask, facts, publish

from equipoise.contract import Contract
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.record.models import Chain
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal

_WAITS = {"on_sick_leave": True}  # refers: more may come of the same application


def _chain(client: Any, **changes: Any) -> str:
    answer = ask(client, facts(**{**_WAITS, **changes}))
    assert answer.status_code == 201, answer.content
    return str(answer.json()["application"])


@pytest.mark.parametrize("nobody", ["", "  ", "\u3000", "\ufeff", None])
def test_two_people_without_an_identifier_are_two_applications(client: Any, nobody: Any) -> None:
    first, second = (_chain(client, application_id=nobody) for _ in range(2))
    assert first != second
    assert not Chain.objects.exclude(blind=None).exists()


def test_an_identifier_is_the_same_however_it_was_typed(client: Any) -> None:
    raw = CONTRACT["fields"]
    number = [{**each, "type": "integer"} if each["use"] == "identifier" else each
              for each in ({"use": "feature", **field} for field in raw)]  # fmt: skip
    contract = Contract.model_validate({**CONTRACT, "fields": number})
    lender = Strategy(seal(content(version=2).model_copy(update={"contract": contract})))
    publish(raw=lender.sealed.text().encode())
    chains = {_chain(client, application_id=each) for each in (200, 200.0, "200", " 200.0 ")}
    assert len(chains) == 1
    assert _chain(client, application_id=201) not in chains


def test_an_identifier_under_its_header_is_the_same_as_under_its_name(client: Any) -> None:
    fields = [{**each, "column": "Loan no."} if each.get("use") == "identifier" else each
              for each in CONTRACT["fields"]]  # fmt: skip
    contract = Contract.model_validate({**CONTRACT, "fields": fields})
    lender = Strategy(seal(content(version=2).model_copy(update={"contract": contract})))
    publish(raw=lender.sealed.text().encode())
    given = facts(**_WAITS)
    chain = ask(client, {**given, "application_id": "L-1"}).json()["application"]
    given.pop("application_id")
    assert ask(client, {**given, "Loan no.": "L-1 "}).json()["application"] == chain
    assert ask(client, {**given, "Loan no.": "L-2"}).json()["application"] != chain


def test_identifiers_that_differ_in_a_letter_are_two_people(client: Any) -> None:
    assert len({_chain(client, application_id=each) for each in ("aB", "AB", "a B")}) == 3
    assert _chain(client, application_id=" aB\n") == _chain(client, application_id="aB")


@pytest.mark.parametrize("wrong", [True, 0.5, 2.0**60, "x" * 201])
def test_what_can_name_nobody_is_refused_with_its_field(client: Any, wrong: Any) -> None:
    answer = ask(client, facts(application_id=wrong))
    assert answer.status_code == 422
    assert "application_id" in answer.content.decode()
    assert not Decision.objects.exists()

"""A person who applies, and a lender whose contract says what is asked of people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from corner_lender import CONTRACT, STRATEGY, content
from lender import publish
from through_door import Client

from equipoise.contract import Contract
from equipoise.strategy.population import Margin, Population
from equipoise.strategy.sealing import seal

_ASKED: Mapping[str, Mapping[str, Any]] = {
    "amount": {"label": {"en": "How much you would like to borrow", "zh": "您想借多少"}},
    "term": {"label": {"en": "Over how many months", "zh": "分多少个月还清"}},
    "income": {"label": {"en": "Your income a month", "zh": "您的月收入"}},
    "employment": {
        "label": {"en": "Your kind of work", "zh": "您的工作"},
        "missing": "refuse",
    },
}
ANSWERS = {"amount": "8,000", "term": "36", "income": "3000", "employment": "permanent"}
"""What a person types whom the corner lender's strategy decides."""
PRODUCT: Mapping[str, Any] = {
    "name": {"en": "Corner loan", "zh": "街角贷款"},
    "about": {"en": "A loan around the corner.", "zh": "街角的贷款。"},
    "needs": ["car", "other"],
    "rates": [0.09, 0.2],
    "asks_first": ["amount", "term", "income"],
}
"""What people read of it, where the lender says that much."""
CONTACT = {"email": "ada.planted@example.com", "phone": ""}
PURPOSES = {"decision": "on", "sources": "on"}


def asking_contract() -> Contract:
    """The corner lender's, whose applicants say four things themselves."""
    fields = [
        {**each, "source": "applicant", **_ASKED[each["name"]]}
        if each["name"] in _ASKED
        else {**each, "source": "bank"}
        for each in CONTRACT["fields"]
    ]
    return Contract.model_validate({**CONTRACT, "fields": fields, "languages": ["en", "zh"]})


def sealed_asking(**changes: Any) -> bytes:
    """The file of a strategy by which people can apply, with parts of its document changed."""
    asked = content(**changes).model_copy(update={"contract": asking_contract()})
    return seal(asked).text().encode()


def sealed_garden() -> bytes:
    """A second product: no kind of work is asked, but whether there is a greenhouse, and the same
    purpose in other words."""
    fields = [
        {**each.model_dump(), **({"source": "bank"} if each.name == "employment" else {})}
        for each in asking_contract().fields
    ]
    fields += [
        {"name": "greenhouse", "type": "boolean", "source": "applicant", "missing": "refuse",
         "label": {"en": "Is there a greenhouse?", "zh": "有温室吗？"}},
        _aim("spend_on", ["vehicle", "tools", "other"]),
    ]  # fmt: skip
    return _sealed(
        "garden", fields, "Garden loan", "spend_on", {"car": "vehicle", "other": "other"}
    )


def sealed_corner(**changes: Any) -> bytes:
    """The first product, which asks what the loan is for, with parts of its document changed."""
    fields = [
        *(each.model_dump() for each in asking_contract().fields),
        _aim("aim", ["car", "rest"]),
    ]
    values = {"car": "car", "other": "rest"}
    return _sealed("corner", fields, "Corner loan", "aim", values, **changes)


def _population() -> Population:
    """Of the corner: incomes from 1,000 to 9,000 and scores that go with them, few debts."""
    ranks = [(each + 0.5) / 20 for each in range(20)]
    margins = [
        Margin(name="amount", missing=0, points=[500 + 20_000 * each for each in ranks]),
        Margin(name="term", missing=0, whole=True, points=[12 + 48 * each for each in ranks]),
        Margin(name="income", missing=0, points=[1000 + 8000 * each for each in ranks]),
        Margin(name="dti", missing=0, points=[0.4 * each for each in ranks]),
        Margin(name="score", missing=0, points=[600 + 200 * each for each in ranks]),
        Margin(name="employment", missing=0, values=["permanent", "own"], shares=[0.8, 0.2]),
    ]
    ties = {("income", "score"): 0.8}
    names = [each.name for each in margins]
    return Population(
        rows=1000,
        margins=margins,
        correlation=[
            [1.0 if a == b else ties.get((a, b), ties.get((b, a), 0.0)) for b in names]
            for a in names
        ],
    )


def _aim(name: str, values: list[str]) -> dict[str, Any]:
    return {"name": name, "type": "string", "source": "applicant", "missing": "refuse",
            "values": values, "label": {"en": "What it is for", "zh": "用途"}}  # fmt: skip


def _sealed(
    name: str,
    fields: list[dict[str, Any]],
    title: str,
    field: str,
    values: Mapping[str, str],
    **changes: Any,
) -> bytes:
    product = {**PRODUCT, "name": {"en": title, "zh": title},
               "purpose": {"field": field, "values": values}}  # fmt: skip
    made = Contract.model_validate({**CONTRACT, "fields": fields, "languages": ["en", "zh"]})
    parts = {"contract": made, "population": _population()}
    whole = content(name=name, product=product, **changes).model_copy(update=parts)
    return seal(whole).text().encode()


def publish_asking(**texts: Mapping[str, str]) -> str:
    """Put it in force, with more texts; its digest."""
    return publish(raw=sealed_asking(texts={**STRATEGY["texts"], **texts}))


@contextmanager
def bureau(**known: Any) -> Iterator[None]:
    """What the lender's own systems know of everybody."""
    from equipoise.service.contexts.drafts.given import SOURCES

    fresh = {"score_date": date.today().isoformat(), **known}

    def source(_contract: Contract, _product: str, _known: Mapping[str, Any]) -> Mapping[str, Any]:
        return fresh

    SOURCES.append(source)
    try:
        yield
    finally:
        SOURCES.remove(source)


class Applicant:
    """A browser without JavaScript, and who sits before it."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client(headers={"accept": "text/html"})

    def begin(self, product: str = "corner") -> Applicant:
        answer = self.client.post("/apply/begin", {"product": product})
        assert answer.status_code == 302, answer.content
        self.home = str(answer["Location"])
        return self

    @property
    def draft(self) -> str:
        return self.home.strip("/").rpartition("/")[2]

    def get(self, page: str) -> Any:
        return self.client.get(self.home + page)

    def post(self, page: str, sent: Mapping[str, str] | None = None, go: str = "on") -> Any:
        return self.client.post(self.home + page, {**(sent or {}), "go": go})

    def type(self, question: str, text: str, go: str = "on") -> Any:
        return self.post(f"q/{question}", {"answer": text}, go)

    def fill(self, **changes: str) -> Applicant:
        """Answer everything, and agree to what is needed."""
        for question, text in {**ANSWERS, **changes}.items():
            answer = self.type(question, text)
            assert answer.status_code == 302, answer.content
        assert self.post("contact", CONTACT).status_code == 302
        assert self.post("consents", PURPOSES).status_code == 302
        return self

    def send(self) -> Any:
        return self.client.post(self.home + "send")

    def text(self, page: str) -> str:
        """What a page says, without its marks."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.get(page).content.decode()))

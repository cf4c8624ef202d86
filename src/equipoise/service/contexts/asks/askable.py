"""What an applicant can be asked for one application, and the field by which an answer is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.contract import Field
from equipoise.errors import BadInput, did_you_mean
from equipoise.service.contexts.asks.models import What
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.registry.reading import loaded

if TYPE_CHECKING:
    from equipoise.strategy import Content

QUESTION = "answer"
"""The name of the field of a question in words, and of a document that no field names."""
TEXT, NUMBER, YES_NO, DATE, DOCUMENT, CHOICE = (
    "text", "number", "yes_no", "date", "document", "choice"
)  # fmt: skip
_TYPES = {TEXT: "string", NUMBER: "number", YES_NO: "boolean", DATE: "date", DOCUMENT: "file"}
ANSWERS = tuple(_TYPES)
"""The kinds of answer that a question in words may have."""
_KINDS = {"string": TEXT, "number": NUMBER, "integer": NUMBER, "boolean": YES_NO, "date": DATE}
_ASKED = ("feature", "identifier", "date")


@dataclass(frozen=True, slots=True)
class Askable:
    """A fact or a document that can be asked for: its name, its words by language, and the kind of
    its answer."""

    what: What
    name: str
    label: Mapping[str, str]
    answer: str


def askable(decision: DecisionView) -> Sequence[Askable]:
    """The facts that applicants know themselves, but for those kept apart, and the documents that
    the contract or a check names. None where no strategy decided."""
    content = _content(decision)
    if content is None:
        return ()
    fields = [each for each in content.contract.fields if _may_ask(each)]
    facts = [
        Askable(What.FACT, each.name, _label(each.name, each.label), _kind(each))
        for each in fields
        if not each.accepts
    ]
    documents = {each.name: _label(each.name, each.label) for each in fields if each.accepts}
    for name, check in content.checks.items():
        documents.setdefault(name, _label(name, check.get("label") or {}))
    return [*facts, *(Askable(What.DOCUMENT, *each, DOCUMENT) for each in documents.items())]


def named(decision: DecisionView, what: str, about: str) -> Askable:
    """The one of these. Raises BadInput for one that cannot be asked for."""
    known = {each.name: each for each in askable(decision) if each.what == what}
    if about not in known:
        raise BadInput(
            f"'{about:.60}' is none that an applicant can be asked for",
            field="about",
            mend=did_you_mean(about, known) or "take one of the list",
        )
    return known[about]


def field_of(
    decision: DecisionView, what: str, about: str, answer: str, question: Mapping[str, str]
) -> Field:
    """The field by which an answer is read: the contract's own, or one made of the question. An
    answer is needed."""
    content = _content(decision)
    fields = {} if content is None else {each.name: each for each in content.contract.fields}
    if what in (What.FACT, What.DOCUMENT) and about in fields:
        return fields[about].model_copy(update={"missing": "refuse"})
    if what == What.DOCUMENT:
        question = {**named(decision, what, about).label, **question}
    return Field.model_validate(
        {
            "name": QUESTION,
            "type": _TYPES[answer],
            "source": "applicant",
            "missing": "refuse",
            "label": dict(question),
        }
    )


def currency_of(decision: DecisionView) -> str:
    """Of the contract; none where no strategy decided."""
    content = _content(decision)
    return "" if content is None else content.contract.currency


def _content(decision: DecisionView) -> Content | None:
    return None if decision.failed else loaded(decision.row.digest).content


def _may_ask(field: Field) -> bool:
    asked = field.source == "applicant" and field.use in _ASKED
    return asked and field.sensitivity != "protected"


def _kind(field: Field) -> str:
    return CHOICE if field.values else _KINDS[field.type]


def _label(name: str, label: Mapping[str, str]) -> Mapping[str, str]:
    return dict(label) or {"en": name.replace("_", " ")}

"""One page for each thing that a person is asked, made of what the contract says of the field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from equipoise.contract import Contract, Field
from equipoise.journey.choices import choices_of
from equipoise.journey.quantities import priced
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH, first_up, joined, known, retold, say, speaking, spoken

Kind = Literal["amount", "whole", "choice", "yes_no", "date", "text", "file"]
_KINDS: Mapping[str, Kind] = {
    "number": "amount",
    "integer": "whole",
    "string": "text",
    "boolean": "yes_no",
    "date": "date",
}
_ASKED = ("feature", "audit", "identifier", "date")
# Facts that are plainly the person's own, by whole names: those of others get no token, since a
# browser would fill in the wrong person.
_OWN: Mapping[str, tuple[str, frozenset[str]]] = {
    "bday": ("date", frozenset({"birth_date", "birthdate", "date_of_birth", "birthday", "dob"})),
    "name": ("string", frozenset({"name", "full_name", "applicant_name", "your_name"})),
    "email": ("string", frozenset({"email", "e_mail", "email_address"})),
    "tel": ("string", frozenset({"phone", "phone_number", "telephone", "mobile", "mobile_phone"})),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One question: `question`, `help` and `why` in one language, `help` empty where none is given.

    `field` is the contract's, with its currency for plain money. `choices` are codes and their
    labels; `boxes` the keys of the answer, in the order in which the language writes them, none
    where it is answered with a document;
    `autocomplete` is HTML's token, "off" for what a browser should not fill in.
    """

    slug: str
    field: Field
    kind: Kind
    question: str
    help: str
    why: str
    choices: tuple[tuple[str, str], ...]
    boxes: tuple[str, ...]
    autocomplete: str


def pages_of(
    contract: Contract, names: Collection[str] | None = None, language: str = ""
) -> tuple[Page, ...]:
    """A page for each field that the applicant answers, in the contract's order; only `names`.

    In the language, or in the one spoken now. Raises BadInput for a name that is no field.
    """
    for name in names or ():
        contract.field(name)
    with speaking(language or spoken()):
        return tuple(
            page_of(priced(field, contract.currency))
            for field in _answered(contract)
            if names is None or field.name in names
        )


def unasked(contract: Contract, asked: Collection[str], language: str = "") -> tuple[Page, ...]:
    """What an applicant could have been asked and was not, since it was not needed."""
    names = [field.name for field in _answered(contract) if field.name not in asked]
    return pages_of(contract, names, language)


def page_of(field: Field) -> Page:
    """The page of one field, in the language spoken now."""
    return Page(
        slug=field.name.replace("_", "-"),
        field=field,
        kind=_kind(field),
        question=question(field),
        help=text_in(field.help, spoken()),
        why=why(field),
        choices=choices_of(field),
        boxes=_boxes(field),
        autocomplete=_token(field),
    )


def question(field: Field) -> str:
    """The field's label in the language spoken now, else in English or any other, else its name."""
    return (
        text_in(field.label, spoken())
        or text_in(field.label, ENGLISH)
        or next(iter(field.label.values()), "").strip()
        or first_up(field.name.replace("_", " ").strip())
    )


def why(field: Field) -> str:
    """What the answer is used for: the contract's purpose where it is in the language spoken now.

    A purpose in another language is not shown; what is said then is true of every such field.
    """
    purpose = retold(field.purpose.strip().rstrip(".。"))
    if purpose and _is_in_language(purpose):
        used = say("What it is used for: {purpose}.", purpose=purpose)
    elif field.use == "identifier":
        used = say("It tells your application apart from others.")
    elif field.use == "audit":
        used = say("It is used only to check that we treat people alike.")
    else:
        used = say("It is one of the facts that we decide by.")
    if field.use != "audit":
        return used
    return joined((used, say("It plays no part in the decision.")))


def _is_in_language(text: str) -> bool:
    """Whether a text may be in the language spoken: Chinese alone has Han characters."""
    has_han = any("\u3400" <= each <= "\u9fff" for each in text)
    return has_han == (known(spoken()) == "zh")


def _answered(contract: Contract) -> list[Field]:
    return [
        field for field in contract.fields if field.source == "applicant" and field.use in _ASKED
    ]


def _kind(field: Field) -> Kind:
    if field.accepts:
        return "file"
    return "choice" if field.values else _KINDS[field.type]


def _boxes(field: Field) -> tuple[str, ...]:
    if field.accepts:
        return ()
    if field.type != "date":
        return ("",)
    return ("year", "month", "day") if spoken() == "zh" else ("day", "month", "year")


def _token(field: Field) -> str:
    for token, (kind, names) in _OWN.items():
        if field.type == kind and not field.values and field.name.lower() in names:
            return token
    return "off"

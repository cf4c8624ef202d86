"""Answers that are chosen: a value of the contract's list, or yes or no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from equipoise.contract import Field
from equipoise.contract.fields import Scalar
from equipoise.contract.grammar import FALSE_WORDS, TRUE_WORDS
from equipoise.journey.figures import read_figure
from equipoise.journey.freetext import box, comparable
from equipoise.journey.quantities import figure_of
from equipoise.journey.refusal import NotRead
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH, first_up, our_languages, say, spoken

YES, NO = "yes", "no"


def read_choice(field: Field, raw: Mapping[str, str]) -> Scalar | None:
    """The value whose code or label was given; None where nothing was. Raises NotRead."""
    text = box(raw, field.name)
    if not text:
        return None
    exact = {code_of(value): value for value in field.values}
    if text in exact:
        return exact[text]
    alike = {value for written, value in _ways_to_say(field) if written == comparable(text)}
    if len(alike) == 1:
        return alike.pop()
    if field.type in ("number", "integer"):
        number = read_figure(field, raw)
        if number in field.values:
            return number
    raise NotRead(say("Please choose one of the answers shown."), field=field.name)


def code_of(value: Scalar) -> str:
    """What stands for a value in a form, whatever the language."""
    return str(value)


def choices_of(field: Field) -> tuple[tuple[str, str], ...]:
    """Codes and labels to choose from, in the language spoken now; none where text is free."""
    if field.values:
        return tuple((code_of(value), label_of(field, value)) for value in field.values)
    if field.type == "boolean" and not field.accepts:
        return (YES, yes_or_no(True)), (NO, yes_or_no(False))
    return ()


def label_of(field: Field, value: Scalar) -> str:
    """What a person reads for a value in the language spoken now, else in English.

    Where the contract has no label it is the value: a text's own words, a number in its unit.
    """
    labels = field.value_label.get(code_of(value), {})
    if label := text_in(labels, spoken()) or text_in(labels, ENGLISH):
        return label
    if isinstance(value, str):
        return first_up(value.replace("_", " "))
    return figure_of(field, value)


def yes_or_no(answer: bool) -> str:
    """The answer as a person reads it."""
    return first_up(say("yes") if answer else say("no"))


def read_yes_no(field: Field, raw: Mapping[str, str]) -> bool | None:
    """Whether yes was answered; None where nothing was. Raises NotRead."""
    text = comparable(box(raw, field.name))
    if not text:
        return None
    languages = our_languages()
    if text in {*TRUE_WORDS, *(say("yes", each) for each in languages)}:
        return True
    if text in {*FALSE_WORDS, *(say("no", each) for each in languages)}:
        return False
    raise NotRead(say("Please choose yes or no."), field=field.name)


def _ways_to_say(field: Field) -> Iterator[tuple[str, Scalar]]:
    for value in field.values:
        code = code_of(value)
        for written in (code, *field.value_label.get(code, {}).values()):
            yield comparable(written), value

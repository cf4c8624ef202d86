"""An answer as it is written back to the person who gave it, to be checked before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from equipoise.contract import Field
from equipoise.journey.answers import Answer
from equipoise.journey.brought import written_document
from equipoise.journey.choices import label_of, yes_or_no
from equipoise.journey.quantities import figure_of, priced
from equipoise.texts.dates import written_day
from equipoise.texts.saying import say, speaking


def written_answer(
    field: Field, answer: Answer, currency: str, language: str, raw: Mapping[str, str] | None = None
) -> str:
    """The answer in the language, with its unit; no digit is rounded away.

    `answer` is what `read_answer` gave, `currency` the contract's; by `raw`, which it read, a
    document is told by its name and size.
    """
    field = priced(field, currency)
    with speaking(language):
        if answer is None:
            return say("Not given")
        if isinstance(answer, date):
            return written_day(answer)
        if field.accepts and (answer or raw is not None):
            return written_document(raw or {}) or (yes_or_no(True) if answer else say("Not given"))
        if isinstance(answer, bool):
            return yes_or_no(answer)
        if answer in field.values:
            return label_of(field, answer)
        return answer if isinstance(answer, str) else figure_of(field, answer)

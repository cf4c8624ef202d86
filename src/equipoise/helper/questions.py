"""Questions whose right answers are known: a YAML document, or a table as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, Faults, Span, did_you_mean
from equipoise.helper.approved import Approved
from equipoise.texts.languages import look_up

UNKNOWN, URGENT = "unknown", "urgent"  # labels beside the names of texts
MOST = 1000  # characters of a question
_COLUMNS = ("language", "label", "question")
Question = Annotated[str, Field(min_length=1, max_length=MOST)]


class Questions(Document):
    """Questions by language and label: a text's name, `unknown`, or `urgent`."""

    format: Literal[1] = 1
    questions: Annotated[dict[str, dict[str, tuple[Question, ...]]], Field(min_length=1)]

    def in_language(self, language: str) -> Iterator[tuple[str, str]]:
        """Every question and its label."""
        for label, several in self.questions[language].items():
            for question in several:
                yield question, label


def questions_of(path: Path, texts: Approved) -> Questions:
    """A file of questions: CSV where its name ends so, else YAML. `zh-CN` and `zh_Hans` are `zh`.

    Raises BadInput or Faults, with file and line or row, where it does not fit its form, or the
    texts that it asks for.
    """
    if path.suffix.lower() == ".csv":
        return _of_table(path, texts)
    read = read_document(path, Questions)
    if faults := [*_unknown(read, texts)]:
        raise Faults(faults)
    known = texts.languages()
    return Questions(
        questions={look_up(each, known) or each: q for each, q in read.value.questions.items()}
    )


def _unknown(read: Loaded[Questions], texts: Approved) -> Iterator[BadInput]:
    for language, labels in read.value.questions.items():
        yield from _no_language(language, texts, read.span("questions", language))
        for label in labels:
            yield from _no_label(label, texts, read.span("questions", language, label))


def _of_table(path: Path, texts: Approved) -> Questions:
    rows, faults = [*_rows(path)], []
    by_language: dict[str, dict[str, tuple[str, ...]]] = {}
    for number, row in enumerate(rows, 1):
        where = Span(str(path), row=number)
        language, label, question = (row[column] for column in _COLUMNS)
        faults += [*_no_language(language, texts, where), *_no_label(label, texts, where)]
        if not 0 < len(question) <= MOST:
            faults.append(BadInput(f"no question of 1 to {MOST} characters", where=where))
        several = by_language.setdefault(look_up(language, texts.languages()) or "", {})
        several[label] = (*several.get(label, ()), question)
    if faults:
        raise Faults(faults)
    if not rows:
        raise BadInput("there is no question in it", where=Span(str(path)))
    return Questions(questions=by_language)


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            if lacking := [name for name in _COLUMNS if name not in (table.fieldnames or ())]:
                mend = f"the first line names {', '.join(_COLUMNS)}"
                where = Span(str(path), 1)
                raise BadInput(f"no column {' and '.join(lacking)}", where=where, mend=mend)
            for row in table:
                yield {name: (row[name] or "").strip() for name in _COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"it cannot be read: {error}", where=Span(str(path))) from None


def _no_language(language: str, texts: Approved, where: Span) -> Iterator[BadInput]:
    if look_up(language, texts.languages()) is None:
        mend = f"write {' or '.join(texts.languages())}"
        yield BadInput(f"no text is in the language '{language}'", where=where, mend=mend)


def _no_label(label: str, texts: Approved, where: Span) -> Iterator[BadInput]:
    if label not in texts.texts and label not in (UNKNOWN, URGENT):
        mend = did_you_mean(label, [*texts.texts, UNKNOWN, URGENT])
        yield BadInput(f"there is no text '{label}'", where=where, mend=mend)

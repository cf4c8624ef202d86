"""Approved texts: versioned, in several languages, ours and a lender's own over them."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, EquipoiseError, Faults, did_you_mean
from equipoise.helper.phrases import fault_in
from equipoise.texts.languages import look_up
from equipoise.texts.saying import our_languages

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Phrase = Annotated[str, Field(min_length=1, max_length=200)]
Margins = dict[str, dict[str, Annotated[float, Field(ge=0)]]]


class Kind(StrEnum):
    """What is done where a question is of this kind."""

    ANSWER = "answer"  # the text as it stands
    RECORD = "record"  # the text with its places filled from the application's record
    HAND_OVER = "hand_over"  # a person
    MENU = "menu"  # nothing fits: what there is to choose from


SPOKEN = (Kind.ANSWER, Kind.RECORD)  # the kinds that have a text


class Words(Document):
    """One language's title, text and how people ask for it."""

    title: Phrase
    text: Annotated[str, Field(max_length=2000)] = ""
    examples: Annotated[tuple[Phrase, ...], Field(min_length=2)]
    phrases: tuple[Phrase, ...] = ()  # of a hand-over: they lead there before anything is compared

    @field_validator("phrases")
    @classmethod
    def _phrases_can_be_looked_for(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in phrases:
            if (fault := fault_in(phrase)) is not None:
                raise ValueError(f"the phrase '{phrase}': {fault}")
        return phrases

    @field_validator("text")
    @classmethod
    def _places_are_plain_names(cls, text: str) -> str:
        _places(text)
        return text

    def places(self) -> tuple[str, ...]:
        """The fields of the record that the text names, each once."""
        return _places(self.text)


class Text(Document):
    """A text, its version and its kind."""

    version: Annotated[int, Field(ge=1)]
    kind: Kind
    words: Annotated[dict[str, Words], Field(min_length=1)]

    @field_validator("words")
    @classmethod
    def _languages_are_ours(cls, words: dict[str, Words]) -> dict[str, Words]:
        for language in words:
            if language not in our_languages():
                known = " and ".join(our_languages())
                raise ValueError(f"'{language}' is no language of ours; write {known}")
        return words

    @model_validator(mode="after")
    def _the_text_fits_its_kind(self) -> Text:
        for language, words in self.words.items():
            if (fault := _fault(self.kind, words)) is not None:
                raise ValueError(f"{language}: {fault}")
        if len({frozenset(words.places()) for words in self.words.values()}) > 1:
            raise ValueError("the languages name different fields; name the same in each")
        return self

    def digest(self, language: str) -> str:
        """SHA-256 of what is read: another wherever a title or a text was changed."""
        words = self.words[language]
        return hashlib.sha256(f"{words.title}\n{words.text}".encode()).hexdigest()


class TextsFile(Document):
    """What a file of approved texts holds; a lender's own holds what differs from ours."""

    format: Literal[1]
    starters: Annotated[tuple[Name, ...], Field(max_length=3)] = ()
    without: tuple[Name, ...] = ()
    margins: Margins = Field(default_factory=dict)
    answers: dict[Name, Text] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Approved:
    """All texts that may be given, what is offered to somebody who asked nothing, and from which
    margin on an answer is given, by embedding and language."""

    texts: Mapping[str, Text]
    starters: tuple[str, ...]
    margins: Mapping[str, Mapping[str, float]]

    def languages(self) -> list[str]:
        """The languages that any text has."""
        return sorted({language for text in self.texts.values() for language in text.words})

    def examples(self, language: str) -> dict[str, list[str]]:
        """How each text is asked for in a language, its title first."""
        return {
            name: [text.words[language].title, *text.words[language].examples]
            for name, text in self.texts.items()
            if language in text.words
        }

    def phrases(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """What leads to a person wherever it is said, by text and language."""
        return {
            name: {language: words.phrases for language, words in text.words.items()}
            for name, text in self.texts.items()
            if text.kind is Kind.HAND_OVER
        }

    def fields(self) -> list[str]:
        """Every field of the record that a text names."""
        words = (each for text in self.texts.values() for each in text.words.values())
        return sorted({place for each in words for place in each.places()})


def shipped(name: str) -> Path:
    """A file that ships with this room."""
    with as_file(files("equipoise.helper").joinpath(name)) as path:
        return path


def approved(own: Path | None = None) -> Approved:
    """Our texts, with a lender's file over them. Raises BadInput or Faults with file and line."""
    ours = read_document(shipped("approved.yaml"), TextsFile).value
    base = Approved(ours.answers, ours.starters, ours.margins)
    return base if own is None else _extended(base, read_document(own, TextsFile))


def texts_of(path: Path) -> Approved:
    """The texts of one file alone. Raises BadInput or Faults, with file and line."""
    return _extended(Approved({}, (), {}), read_document(path, TextsFile))


def _extended(base: Approved, own: Loaded[TextsFile]) -> Approved:
    file = own.value
    texts = {n: t for n, t in base.texts.items() if n not in file.without} | file.answers
    starters = file.starters or tuple(name for name in base.starters if name in texts)
    margins = {
        by: {**base.margins.get(by, {}), **file.margins.get(by, {})}
        for by in (*base.margins, *file.margins)
    }
    if faults := [*_unknown(base, texts, own)]:
        raise Faults(faults)
    return Approved(texts, starters, margins)


def _unknown(
    base: Approved, texts: Mapping[str, Text], own: Loaded[TextsFile]
) -> Iterator[EquipoiseError]:
    for at, name in enumerate(own.value.without):
        where = own.span("without", at)
        if name not in base.texts:
            mend = did_you_mean(name, base.texts)
            yield BadInput(f"there is no text '{name}'", where=where, field="without", mend=mend)
        elif base.texts[name].kind is Kind.HAND_OVER:
            mend = "write words of your own for it under answers"
            yield BadInput(f"'{name}' leads to a person and stays", where=where, mend=mend)
    spoken = [name for name, text in texts.items() if text.kind in SPOKEN]
    for at, name in enumerate(own.value.starters):
        if name not in spoken:
            where, mend = own.span("starters", at), did_you_mean(name, spoken)
            yield BadInput(f"there is no answer '{name}'", where=where, field="starters", mend=mend)


def language_among(wanted: str, known: list[str]) -> str:
    """The known language that answers a wish, English or the first where none does."""
    return look_up(wanted, known) or ("en" if "en" in known else known[0])


def _fault(kind: Kind, words: Words) -> str | None:
    spoken, places = kind in SPOKEN, bool(words.places())
    if words.phrases and kind is not Kind.HAND_OVER:
        return f"kind '{kind}' has no phrases"
    if spoken != bool(words.text.strip()):
        return f"kind '{kind}' has {'a' if spoken else 'no'} text"
    if spoken and places != (kind is Kind.RECORD):
        return f"kind '{kind}' names {'no field' if places else 'a field, as {instalment}'}"
    return None


def _places(text: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(
                f"'{{{name}}}' is no plain field; write {{name}}, and {{{{ for a brace"
            )
        names[name] = None
    return tuple(names)

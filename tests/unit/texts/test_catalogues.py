"""Every sentence of the source has a translation, with the same places."""

from __future__ import annotations

import gettext
import io
import re
import string

import pytest
from messages import SOURCE, messages

from equipoise.texts.catalogue import compiled
from equipoise.texts.catalogue import messages as catalogued
from equipoise.texts.refusing import DOMAINS as REFUSED
from equipoise.texts.saying import our_languages, retold, speaking
from equipoise.value.labels import input_label
from equipoise.value.measures import TABLE

LANGUAGES = [each for each in our_languages() if each != "en"]
DOMAINS = sorted(path.stem for path in (SOURCE / "texts" / "locale" / "zh").glob("*.po"))
# `results` holds sentences of stored results, two more those of errors: no code says them itself.
SAID = [domain for domain in DOMAINS if domain not in {"results", *REFUSED}]
PO = """\
# a comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "two "
"lines, {n}"
msgstr "两行，"
"{n}"

msgid "untranslated"
msgstr ""

msgctxt "unit"
msgid "loans"
msgstr "笔"
"""

# The rooms that speak to people, one to a line.
SPEAKING = (
    "helper",
    "jurisdiction",
    "journey",
    "letters",
    "report",
    "review/learning",
    "service/contexts/notices",
    "service/pages",
    "service/platform/papers",
    "texts",
    "watch",
    "workspace",
)


def _catalogue(language: str, domain: str) -> dict[str, str]:
    path = SOURCE / "texts" / "locale" / language / f"{domain}.po"
    return {m: said for m, said in catalogued(path.read_text("utf-8")).items() if m}


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_source_is_translated_and_no_other(language: str) -> None:
    said = messages(*SPEAKING)
    known = {m: text for domain in SAID for m, text in _catalogue(language, domain).items()}
    assert {m: where for m, where in said.items() if m not in known} == {}
    assert sorted(known.keys() - said.keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_translated_in_one_catalogue_alone(language: str) -> None:
    twice: dict[str, list[str]] = {}
    for domain in SAID:
        for message in _catalogue(language, domain):
            twice.setdefault(message, []).append(domain)
    assert {m: where for m, where in twice.items() if len(where) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_translation_has_the_places_of_its_message(language: str, domain: str) -> None:
    for message, said in _catalogue(language, domain).items():
        assert _places(said) == _places(message), message


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_sentences_have_chinese_marks(domain: str) -> None:
    for message, said in _catalogue("zh", domain).items():
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", said), message
        if message.endswith(".") and re.search(r"[\u4e00-\u9fff]", said):
            assert said.endswith("。"), message


def test_labels_of_results_are_told_in_chinese() -> None:
    inputs = ("lgd", "lender.funding_rate", "take_up.price", "applicant.today", "steps.form.cost",
              "checks.visit.sensitivity", "checks.visit.false_alarm")  # fmt: skip
    with speaking("zh"):
        for label in (*(row.label for row in TABLE.values()), *map(input_label, inputs)):
            assert re.search(r"[\u4e00-\u9fff]", retold(label)), label


def test_gettext_reads_what_was_compiled() -> None:
    read = gettext.GNUTranslations(io.BytesIO(compiled(PO)))
    assert read.gettext("two lines, {n}") == "两行，{n}"
    assert read.gettext("untranslated") == "untranslated"
    assert (read.gettext("loans"), read.pgettext("unit", "loans")) == ("loans", "笔")


@pytest.mark.parametrize(
    ("po", "why"),
    [
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"', "given twice"),
        ('msgid "a"\nmsgid_plural "as"', "line 2: 'msgid_plural' is not read here"),
        ('msgid "a"\nmsgstr "unclosed', "line 2: not a quoted text"),
    ],
)
def test_a_catalogue_that_is_not_understood_is_refused(po: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        catalogued(po)

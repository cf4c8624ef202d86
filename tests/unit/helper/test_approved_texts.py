"""Approved texts: what a file may hold, and how a lender's own goes over ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from messages import messages

from equipoise.errors import BadInput
from equipoise.helper import approved, texts_of
from equipoise.helper.approved import SPOKEN, Kind
from equipoise.helper.opening import our_alarms
from equipoise.helper.phrases import Phrases
from equipoise.helper.plain import plain
from equipoise.texts.saying import say

GOLDEN = Path(__file__).parent / "golden" / "texts.json"
OURS = approved()
FEES = "title: Fees, text: {text}, examples: [any fees, what fees]"


def _file(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _fees(words: str, kind: str = "answer") -> str:
    head = f"format: 1\nanswers:\n  fees:\n    version: 2\n    kind: {kind}\n    words:\n"
    return f"{head}      en: {{{words}}}\n"


def test_every_text_of_ours_is_in_both_languages_with_several_examples() -> None:
    assert len(OURS.texts) >= 45
    for name, text in OURS.texts.items():
        assert sorted(text.words) == ["en", "zh"], name
        assert all(len(words.examples) >= 8 for words in text.words.values()), name


def test_a_text_that_changes_gets_the_next_version() -> None:
    """Where this fails: raise the version in approved.yaml, then write the new digest here."""
    kept = json.loads(GOLDEN.read_text())
    for name, text in OURS.texts.items():
        now = {language: text.digest(language) for language in text.words}
        assert kept[name] == {"version": text.version, "digests": now}, name


def test_what_a_text_quotes_stands_on_the_applicants_pages() -> None:
    """A button or a page that a text sends somebody to is there, in each language's words."""
    said = messages("service/pages/applicant")
    quoted = re.compile("“([^”]*)”")
    named = 0
    for name, text in OURS.texts.items():
        english, chinese = (quoted.findall(text.words[each].text) for each in ("en", "zh"))
        assert [each for each in english if each not in said] == [], name
        assert sorted(say(each, "zh") for each in english) == sorted(chinese), name
        assert not re.search(r"\bpage [A-Z]", text.words["en"].text), name
        named += len(english)
    assert named >= 20


def test_how_a_text_is_asked_for_holds_nothing_that_leads_to_a_person() -> None:
    """Else a phrase, looked for before anything is compared, would take the text from its own
    examples."""
    leads = {name: Phrases(by) for name, by in OURS.phrases().items()}
    alarms = our_alarms()
    for name, text in OURS.texts.items():
        if text.kind in SPOKEN:
            for asked in (e for w in text.words.values() for e in (w.title, *w.examples)):
                assert alarms.in_text(asked) is None, (name, asked)
                met = {each: value.first_in(plain(asked)) for each, value in leads.items()}
                assert not any(met.values()), (name, asked, met)


def test_no_question_stands_among_examples_or_in_both_sets() -> None:
    from equipoise.helper import questions_of, shipped

    sets = [
        questions_of(shipped(f"{name}.yaml"), OURS) for name in ("questions", "margin_questions")
    ]
    for language in ("en", "zh"):
        first, second = ({q for q, _ in each.in_language(language)} for each in sets)
        examples = {e for several in OURS.examples(language).values() for e in several}
        assert not first & second
        assert not (first | second) & examples
        assert len(first) >= 100


def test_a_lenders_own_text_takes_the_place_of_ours(tmp_path: Path) -> None:
    path = _file(tmp_path, _fees(FEES.format(text="Two euros.")) + "without: [joint]\n")
    texts = approved(path)
    assert (texts.texts["fees"].version, texts.texts["fees"].words["en"].text) == (2, "Two euros.")
    assert "joint" not in texts.texts
    assert texts.texts["payout"] == OURS.texts["payout"]
    assert texts.margins == OURS.margins


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (_fees(FEES.format(text="'Pay {sum:,.2f}'"), "record"), 7, "is no plain field"),
        (_fees(FEES.format(text="'Pay {a.b}'"), "record"), 7, "is no plain field"),
        (_fees(FEES.format(text="Two euros."), "record"), 3, "kind 'record' names a field"),
        (_fees(FEES.format(text="'Pay {sum}'")), 3, "kind 'answer' names no field"),
        (_fees(FEES.format(text="Two euros."), "hand_over"), 3, "has no text"),
        (_fees("title: Fees, text: Two., examples: [one]"), 7, "at least 2 items"),
        (_fees(FEES.format(text="Two.") + ", phrases: [fee]"), 3, "has no phrases"),
        ("format: 1\nwithout: [complaint]\n", 2, "leads to a person and stays"),
        ("format: 1\nwithout: [joynt]\n", 2, "did you mean 'joint'?"),
        ("format: 1\nstarters: [complaint]\n", 2, "there is no answer 'complaint'"),
        ("format: 1\nmargins: {sentences: {en: -1}}\n", 2, "greater than or equal to 0"),
        ("format: 2\n", 1, "format"),
        ("format: 1\nanswrs: {}\n", 2, "did you mean 'answers'?"),
        (_fees(FEES.format(text="Two.")).replace("en:", "tlh:"), 6, "is no language of ours"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        approved(_file(tmp_path, text))
    assert f"own.yaml:{line}:" in str(refused.value)
    assert says in str(refused.value)


def test_languages_name_the_same_fields(tmp_path: Path) -> None:
    both = (
        _fees(FEES.format(text="'Pay {sum}'"), "record")
        + "      zh: {title: 费, text: '付 {all}', examples: [费用, 收费]}\n"
    )
    with pytest.raises(BadInput, match="the languages name different fields"):
        texts_of(_file(tmp_path, both))


def test_what_leads_to_a_person_says_nothing_of_its_own() -> None:
    people = [text for text in OURS.texts.values() if text.kind is Kind.HAND_OVER]
    assert len(people) == 7
    assert all(not words.text for text in people for words in text.words.values())

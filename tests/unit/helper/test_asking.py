"""What a person who asks is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from equipoise.errors import BadInput
from equipoise.helper import (
    Answer,
    Choosing,
    HandOver,
    Helper,
    Menu,
    Topic,
    Urgent,
    Why,
    approved,
    helper_over,
    open_helper,
    texts_of,
)
from equipoise.helper.matching import Ranking
from equipoise.helper.opening import our_alarms

RECORD = {"instalment": "€120", "months": "36", "total": "€4,320", "rate": "9.9 %"}


@pytest.fixture(scope="module")
def helper() -> Helper:
    return open_helper(by="characters")


def test_what_is_in_an_approved_text_is_answered_by_its_words(helper: Helper) -> None:
    reply = helper.reply("what does APR mean", {}, "en")
    assert isinstance(reply, Answer)
    assert (reply.name, reply.version) == ("what_is_apr", 1)
    assert reply.text == helper.approved.texts["what_is_apr"].words["en"].text


def test_a_question_about_ones_own_loan_is_filled_from_the_record_and_cites_it(
    helper: Helper,
) -> None:
    reply = helper.reply("what is my monthly payment", RECORD, "en")
    assert isinstance(reply, Answer)
    assert reply.text.startswith("You would pay €120 in each of 36 months, €4,320 in all")
    assert dict(reply.fields) == RECORD


@pytest.mark.parametrize("left_out", [None, "", "  "])
def test_what_the_record_lacks_is_not_invented(helper: Helper, left_out: str | None) -> None:
    record = {name: value for name, value in RECORD.items() if name != "total"}
    if left_out is not None:
        record["total"] = left_out
    reply = helper.reply("what is my monthly payment", record, "en")
    assert isinstance(reply, HandOver)
    assert (reply.why, reply.about, reply.missing) == (Why.MISSING, "my_cost", ("total",))


def test_a_record_with_braces_is_not_read_as_a_text(helper: Helper) -> None:
    reply = helper.reply("what is my monthly payment", RECORD | {"total": "{rate} {0.x}"}, "en")
    assert isinstance(reply, Answer)
    assert "{rate} {0.x} in all" in reply.text


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("转人工", "human"),
        ("let me speak to an agent", "human"),
        ("I want to complain", "complaint"),
        ("someone took a loan in my name", "fraud"),
        ("你们是不是歧视我", "discrimination"),
    ],
)
def test_what_a_person_answers_goes_to_a_person(helper: Helper, question: str, about: str) -> None:
    reply = helper.reply(question, {}, "en")
    assert isinstance(reply, HandOver)
    assert (reply.why, reply.about) == (Why.MEANT, about)


class _Read:
    """Reads whatever is asked as this ranking."""

    def __init__(self, *ranked: tuple[str, float]) -> None:
        self._ranking = Ranking(*zip(*ranked, strict=True))

    def ranked(self, _question: str) -> Ranking:
        return self._ranking


@pytest.mark.parametrize(
    ("by", "behind", "kind"),
    [("sentences", 0.0, HandOver), ("sentences", 0.015, HandOver), ("sentences", 0.03, Menu),
     ("characters", 0.015, Menu)],
)  # fmt: skip
def test_where_a_person_is_nearly_as_likely_to_be_meant_a_person_takes_over(
    by: str, behind: float, kind: type
) -> None:
    helper = Helper(approved(), our_alarms(), by=by)
    helper._matchers["en"] = _Read(
        ("fees", 0.3), ("payout", 0.295), ("hardship", 0.3 - behind), ("human", 0.1)
    )
    reply = helper.reply("half of it in spring", {}, "en")
    assert isinstance(reply, kind)
    if isinstance(reply, HandOver):
        assert (reply.why, reply.about) == (Why.MEANT, "hardship")


def test_a_text_that_leads_clearly_is_given_whoever_comes_next() -> None:
    helper = Helper(approved(), our_alarms(), by="sentences")
    helper._matchers["en"] = _Read(("fees", 0.6), ("hardship", 0.2))
    assert isinstance(helper.reply("what do you charge", {}, "en"), Answer)


def test_what_is_not_clear_becomes_a_choice_of_three(helper: Helper) -> None:
    reply = helper.reply("something about the money and the days", {}, "en")
    assert isinstance(reply, Menu)
    assert len({option.name for option in reply.options}) == 3
    for option in reply.options:
        assert isinstance(
            helper.chosen(option.name, dict.fromkeys(helper.approved.fields(), "1"), "en"), Answer
        )


def test_a_choice_that_is_no_text_is_refused(helper: Helper) -> None:
    with pytest.raises(BadInput, match="there is no text 'documnts'") as refused:
        helper.chosen("documnts", {}, "en")
    assert refused.value.mend == "did you mean 'documents'?"


@pytest.mark.parametrize("question", ["", "   ", "😀" * 40, "\x00\x07\u200b", "?!…"])
def test_who_writes_nothing_to_read_is_shown_what_there_is(helper: Helper, question: str) -> None:
    reply = helper.reply(question, {}, "zh")
    assert isinstance(reply, Menu)
    assert [option.name for option in reply.options] == ["my_status", "documents", "contact"]
    assert reply.text == "您想问的是其中之一吗？"


@pytest.mark.parametrize(
    "letter",
    ["x" * 100_000, "lost " * 20_000, "能不能" * 33_333, "\ufdfa" * 100_000, "want want-" * 10_000],
)
def test_a_letter_of_100_000_characters_is_read_by_a_person(helper: Helper, letter: str) -> None:
    reply = helper.reply(letter, {}, "en")
    assert isinstance(reply, HandOver)
    assert reply.why is Why.LONG


def test_a_letter_that_is_urgent_is_urgent(helper: Helper) -> None:
    reply = helper.reply("word " * 5_000 + "I want to die", {}, "en")
    assert isinstance(reply, Urgent)
    assert reply.topic is Topic.SELF_HARM


@pytest.mark.parametrize(
    ("question", "page", "language"),
    [
        ("可以提前还款吗", "en", "zh"),
        ("can I repay early", "zh", "en"),
        ("APR", "zh", "zh"),
        ("我想 early repayment", "en", "zh"),
        ("documents", "fr", "en"),
        ("documents", "zh-Hans", "zh"),
    ],
)
def test_a_question_is_answered_in_its_own_language(
    helper: Helper, question: str, page: str, language: str
) -> None:
    assert helper.reply(question, {}, page).language == language


class _Decided:
    """Chooses what it is told to, and remembers what it was asked."""

    def __init__(self, name: str | None) -> None:
        self.name, self.asked = name, []

    def choose(
        self, question: str, titles: Mapping[str, str], known: Sequence[str]
    ) -> tuple[str, Choosing] | None:
        self.asked.append((question, list(titles), list(known)))
        return self.name and (self.name, Choosing("a-model", "asked", "said"))


def test_a_language_model_is_asked_only_where_the_helper_is_not_sure() -> None:
    chooser = _Decided("fees")
    helper = open_helper(by="characters", chooser=chooser)
    helper.reply("what does APR mean", {}, "en")
    helper.reply("I want to die", {}, "en")
    helper.reply("转人工", {}, "zh")
    assert chooser.asked == []
    reply = helper.reply("something about the money and the days", {"name": "Ann"}, "en")
    assert isinstance(reply, Answer)
    assert (reply.name, reply.chosen_by) == ("fees", Choosing("a-model", "asked", "said"))
    (asked,) = chooser.asked
    assert (len(asked[1]), asked[2]) == (5, ["Ann"])


def test_a_language_model_that_has_no_answer_leaves_the_choice() -> None:
    helper = open_helper(by="characters", chooser=_Decided(None))
    assert isinstance(helper.reply("something about the money and the days", {}, "en"), Menu)


def test_texts_without_a_margin_are_offered_and_never_given(tmp_path) -> None:
    path = tmp_path / "own.yaml"
    words = "words: {en: {title: T, text: Some., examples: [%s, %s]}}"
    fees, cake = words % ("any fees", "what fees"), words % ("cake please", "is there cake")
    path.write_text(
        "format: 1\nanswers:\n"
        f"  fees: {{version: 4, kind: answer, {fees}}}\n"
        f"  cake: {{version: 1, kind: answer, {cake}}}\n"
    )
    helper = helper_over(texts_of(path), by="characters")
    assert isinstance(helper.reply("any fees", {}, "en"), Menu)
    assert helper.chosen("fees", {}, "zh").version == 4  # the one language that there is

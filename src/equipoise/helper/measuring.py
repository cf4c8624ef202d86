"""How well a helper answers questions whose right answers are known, by language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from equipoise.helper.answering import Helper
from equipoise.helper.approved import SPOKEN, Approved, Kind
from equipoise.helper.questions import URGENT, Questions
from equipoise.helper.replies import Answer, HandOver, Menu, Reply, Urgent
from equipoise.helper.threshold import smallest_margin
from equipoise.numeric.intervals import wilson


@dataclass
class Tally:
    """Counts of one language; `margin` is what they were counted at."""

    margin: float
    asked: int = 0
    answerable: int = 0
    direct: int = 0
    by_menu: int = 0
    wrong: int = 0
    hand_over: int = 0
    hand_over_caught: int = 0
    urgent: int = 0
    urgent_caught: int = 0
    unknown: int = 0
    person_in_vain: int = 0
    answered_wrong: list[tuple[str, str]] = field(default_factory=list)

    def count(self, question: str, label: str, kind: Kind | str, reply: Reply) -> None:
        """One more question, its label's kind, and what it was answered with."""
        person = isinstance(reply, (HandOver, Urgent))
        self.asked += 1
        if isinstance(reply, Answer) and reply.name != label:
            self.wrong += 1
            self.answered_wrong.append((question, reply.name))
        if kind in SPOKEN:
            self.answerable += 1
            self.direct += isinstance(reply, Answer) and reply.name == label
            self.by_menu += _offers(reply, label)
            self.person_in_vain += person
        elif kind == Kind.HAND_OVER:
            self.hand_over += 1
            self.hand_over_caught += person
        elif kind == URGENT:
            self.urgent += 1
            self.urgent_caught += isinstance(reply, Urgent)
        else:
            self.unknown += 1

    def as_dict(self) -> dict[str, Any]:
        """Counts, shares and their intervals; what was answered wrong, and with what."""
        return {
            "margin": self.margin,
            "asked": self.asked,
            **{name: share(*counts) for name, counts in self.shares().items()},
            "answered_wrong": [{"question": q, "with": name} for q, name in self.answered_wrong],
        }

    def shares(self) -> dict[str, tuple[int, int]]:
        """What is told of a language: how many of how many."""
        return {
            "answered_directly": (self.direct, self.answerable),
            "answered_by_menu": (self.by_menu, self.answerable),
            "directly_or_by_menu": (self.direct + self.by_menu, self.answerable),
            "wrong_of_all_asked": (self.wrong, self.asked),
            "hand_over_caught": (self.hand_over_caught, self.hand_over),
            "urgent_caught": (self.urgent_caught, self.urgent),
            "person_in_vain": (self.person_in_vain, self.answerable),
        }


def share(counted: int, of: int) -> dict[str, Any]:
    """A share with its 95 % Wilson interval; without any, 0 to 1 and no share."""
    low, high = wilson(np.array(float(counted)), np.array(float(of)))
    value = counted / of if of else None
    return {"count": counted, "n": of, "share": value, "low": float(low), "high": float(high)}


def measured(helper: Helper, questions: Questions) -> dict[str, Tally]:
    """Tallies by language. The record is taken to have every field, so that nothing is missing."""
    record = dict.fromkeys(helper.approved.fields(), "-")
    tallies = {}
    for language in questions.questions:
        tally = tallies[language] = Tally(helper.margin(language))
        for question, label in questions.in_language(language):
            reply = helper.reply(question, record, language)
            tally.count(question, label, _kind(helper.approved, label), reply)
    return tallies


def margins_for(helper: Helper, questions: Questions) -> dict[str, float]:
    """The margin of each language that these questions ask for: see `smallest_margin`."""
    return {language: _margin(helper, [*questions.in_language(language)], language)
            for language in questions.questions}  # fmt: skip


def _margin(helper: Helper, asked: list[tuple[str, str]], language: str) -> float:
    wrong = []
    for question, label in asked:
        ranking = helper.read(question, language).ranking
        if ranking and ranking.names[0] != label and _spoken(helper.approved, ranking.names[0]):
            wrong.append(ranking.margin)
    return smallest_margin(wrong, len(asked))


def _spoken(texts: Approved, name: str) -> bool:
    return texts.texts[name].kind in SPOKEN


def _kind(texts: Approved, label: str) -> Kind | str:
    return texts.texts[label].kind if label in texts.texts else label


def _offers(reply: Reply, label: str) -> bool:
    return isinstance(reply, Menu) and label in {option.name for option in reply.options}

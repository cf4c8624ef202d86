"""The ways in which rows end."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import APPROVE, ASK_FOR_MORE, COUNTER_OFFER, DECLINE, REFER
from equipoise.strategy.runtimes.frame.answers import CODE, NONE
from equipoise.strategy.runtimes.frame.cases import Cases
from equipoise.strategy.runtimes.frame.choosing import Choosing
from equipoise.texts import codes
from equipoise.value.compiled import ChosenMany


class Verdicts:
    """Ends rows: each way with its reasons and what it offers."""

    def __init__(self, compiled: Compiled, choosing: Choosing) -> None:
        self._choosing, self._model, self._ranker = choosing, compiled.model, compiled.ranker
        self._by_person = np.array(compiled.by_person)

    def stopped(self, cases: Cases, rows: IntArray) -> None:
        """A stop is a decline, whichever check it was and whether or not it was asked for."""
        cases.answers.end(rows, DECLINE, codes.CHECK_STOPPED)
        cases.answers.treatment[rows] = 0

    def to_a_person(self, cases: Cases, rows: IntArray) -> None:
        """A person decides, with the model's reasons."""
        cases.answers.outcome[rows] = CODE[REFER]
        self._explain(cases, rows, codes.TO_A_PERSON)

    def chosen(self, cases: Cases, rows: IntArray, chosen: ChosenMany) -> None:
        """Treatments were chosen: offered, asked for, or none at all."""
        answers = cases.answers
        answers.treatment[rows] = chosen.index
        answers.measures[rows] = chosen.measures
        answers.net[rows] = chosen.net
        nothing = chosen.index == 0
        self._explain(cases, rows[nothing], codes.NO_OFFER)
        answers.outcome[rows[nothing]] = CODE[DECLINE]
        lent = rows[~nothing]
        answers.terms[lent] = chosen.terms[~nothing]
        answers.offered[lent] = True
        person = self._by_person[chosen.index]
        self.to_a_person(cases, rows[person & ~nothing])
        self._answer(cases, rows[~nothing & ~person])

    def _answer(self, cases: Cases, rows: IntArray) -> None:
        answers = cases.answers
        self._choosing.ask(cases, rows)
        asked = cases.next[rows] != NONE
        answers.outcome[rows[asked]] = CODE[ASK_FOR_MORE]
        rows = rows[~asked]
        amount = cases.table["its amount"].to_numpy()[rows]
        months = np.floor(cases.table["its term_months"].to_numpy()[rows] + 0.5)
        terms = answers.terms[rows]
        less = (terms[:, 1] < amount) | (terms[:, 2] != months)
        answers.outcome[rows] = np.where(less, CODE[COUNTER_OFFER], CODE[APPROVE])
        self._explain(cases, rows[less], "")

    def _explain(self, cases: Cases, rows: IntArray, otherwise: str) -> None:
        """The model's reasons; `otherwise` where it has none."""
        if not rows.size:
            return
        word = cases.answers.word
        ranked = self._ranker.many(self._model.risks(cases.features[rows]))
        words = np.array([*map(word, map(codes.concept_code, ranked.concepts)), NONE])
        reasons = words[ranked.codes]
        if otherwise:
            reasons[reasons[:, 0] == NONE, 0] = word(otherwise)
        cases.answers.reasons[rows] = reasons

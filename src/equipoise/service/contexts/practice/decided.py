"""Cases that were decided here, and of which the record knows what came.

The deck names decisions alone, and whether each loan went bad. What stands in a case is opened anew
for each reader, as far as they may read it, and whoever shows it records the look (`notebook`): so
nothing of whoever is erased stays here, and nobody practises on a case beyond their reach.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from equipoise.contract import Field
from equipoise.errors import BadInput, GateRefused
from equipoise.review.practice import LEAST, Case, earned, evenly, shown_fields, valued
from equipoise.review.practice import Deck as Cases
from equipoise.service.contexts.cases.services import check_apart
from equipoise.service.contexts.decisions.reading import DecisionView, ended, opened_to
from equipoise.service.contexts.practice.models import DECKS, Deck, Source
from equipoise.service.contexts.registry.reading import Unusable, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.strategy.decision import Reason
from equipoise.strategy.explaining.customer import reason_text

MOST = 200
_LOOKED_AT = 2000  # loans, those that ended last
_SEED = 7


def drawn() -> str:
    """Decisions whose loans ended, as many of each grade as of any other as far as there are so
    many. What became of them plays no part in it. Raises BadInput where they are too few."""
    loans = ended(_LOOKED_AT)
    if len(loans) < LEAST:
        raise BadInput(
            f"only {len(loans)} loans that were decided here have ended",
            mend=f"practice needs {LEAST}; until then there are the simulated ones",
        )
    chosen = evenly([each.grade for each in loans], MOST, _SEED)
    return json.dumps([[loans[at].decision, loans[at].application, loans[at].bad] for at in chosen])


def known() -> int:
    """How many cases were drawn."""
    return len(_named())


def opened(by: Principal) -> Cases | None:
    """The cases that the person may read, each by its number in the drawing; None where there are
    none, or none of a strategy that can be had. What they wrote themselves is none of them."""
    named = _named()
    numbers = {decision: (number, bad) for number, (decision, _, bad) in enumerate(named, 1)}
    decisions = [each for each in opened_to(by, numbers) if each.row.begun_by != by.person]
    made = _Making(decisions)
    cases = [made.case(each, *numbers[each.row.id]) for each in decisions if made.can_show(each)]
    return made.deck(cases, len(named)) if cases else None


def decision_of(number: int) -> str:
    """The decision behind a case; empty where there is none any more."""
    named = _named()
    return named[number - 1][0] if 0 < number <= len(named) else ""


def is_apart(number: int, by: Principal) -> bool:
    """Whether the person has no part in a case: did not decide it, and knows nobody in it."""
    _, application, _ = _named()[number - 1]
    try:
        check_apart(application, clock.now(), by)
    except GateRefused:
        return False
    return True


def forget(chains: Collection[str]) -> int:
    """Have nothing name the decisions of whoever was erased; how many there were. Places stay."""
    row = Deck.objects.filter(pk=DECKS[Source.DECIDED]).exclude(content="").first()
    if row is None:
        return 0
    named = json.loads(row.content)
    kept = [["", "", False] if each[1] in chains else each for each in named]
    row.content = json.dumps(kept)
    row.save(update_fields=["content"])
    return sum(before != after for before, after in zip(named, kept, strict=True))


def _named() -> list[tuple[str, str, bool]]:
    """Decision, application, and whether it went bad, in order; empty names of whoever is gone."""
    rows = Deck.objects.filter(pk=DECKS[Source.DECIDED]).values_list("content", flat=True)
    content = rows.first()
    drawing = json.loads(content) if content else []
    return [(decision, application, bad) for decision, application, bad in drawing]


class _Making:
    """Cases made of decisions as they were told, by the contract of the newest."""

    def __init__(self, decisions: Sequence[DecisionView]) -> None:
        self._texts: dict[str, dict[str, str]] = {}
        self._strategies: dict[str, Any] = {}
        self._newest = next(
            (each for each in reversed(decisions) if self._content(each) is not None), None
        )
        content = None if self._newest is None else self._content(self._newest)
        self._fields: tuple[Field, ...] = (
            () if content is None else tuple(shown_fields(content.contract))
        )

    def can_show(self, decision: DecisionView) -> bool:
        """Whether it was decided by a model, under a strategy of the same contract."""
        content, newest = self._content(decision), self._newest
        if content is None or newest is None:
            return False
        same = self._content(newest).contract.name == content.contract.name
        return same and (decision.facts or {}).get("trace", {}).get("pd") is not None

    def case(self, decision: DecisionView, number: int, bad: bool) -> Case:
        """The case of that number."""
        facts, plain = decision.facts or {}, decision.plain
        given, trace = facts["application"], facts["trace"]
        offers = facts.get("offers") or ()
        amount = float(offers[0]["amount"]) if offers else None
        return Case(
            number=number,
            facts=tuple(given.get(each.name) for each in self._fields),
            bad=bad,
            pd=float(trace["pd"]),
            outcome=plain["outcome"],
            grade=plain["grade"] or "",
            reasons=tuple(self._reasons(decision)),
            if_good=earned(trace.get("measures") or {}, amount),
            if_bad=amount,
        )

    def deck(self, cases: Sequence[Case], known: int) -> Cases:
        """All of them, with what is needed to show them."""
        content = self._content(self._newest)  # type: ignore[arg-type] # a case was shown
        return Cases(
            simulated=False,
            strategy=f"{content.strategy.name} v{content.strategy.version}",
            currency=content.contract.currency,
            window_months=content.window_months,
            known=known,
            fields=self._fields,
            texts=self._texts,
            cases=tuple(valued(cases, content.lgd)),
        )

    def _reasons(self, decision: DecisionView) -> Iterator[str]:
        content = self._content(decision)
        for each in decision.plain["reasons"]:
            reason = Reason(**each, shortfall=None)
            key = "/".join(filter(None, (reason.code, reason.feature)))
            if key not in self._texts:
                self._texts[key] = {
                    language: reason_text(reason, content, language)
                    for language in content.strategy.languages
                }
            yield key

    def _content(self, decision: DecisionView) -> Any:
        digest = decision.row.digest
        if digest not in self._strategies:
            try:
                self._strategies[digest] = loaded(digest).content
            except Unusable:
                self._strategies[digest] = None
        return self._strategies[digest]

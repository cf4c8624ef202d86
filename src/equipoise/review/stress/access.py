"""New business under stress: how the same strategy answers the same people at the PDs of then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from equipoise.documents import Document
from equipoise.numeric.arrays import FloatArray
from equipoise.review.applicants import Applicants, decided
from equipoise.review.switches import switched
from equipoise.strategy.content import Content, ModelPart
from equipoise.strategy.decision import OFFERING, REFER
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.watch.plans import Switch

_SAME = 1e-9
_PER = 100.0


class Access(Document):
    """How a strategy answers, per 100 applicants, beside how it answered before.

    Of those who were offered a loan: `turned_away` are declined now, `to_a_person` wait for a
    person's decision, `slower` have a journey of more days, `dearer` an APR above the one they
    had, `less` a smaller amount. `profit`, `expected_loss` and `capital` are sums in money, and
    `apr` the mean of those offered.
    """

    offered: float
    turned_away: float
    to_a_person: float
    slower: float
    dearer: float
    less: float
    apr: float | None
    wait_days: float | None
    profit: float
    expected_loss: float
    capital: float


def moved_content(content: Content, log_odds: float) -> Content:
    """The strategy whose model says the PD of an economy in which log-odds of default are so much
    higher: rules, prices and limits stay, and see those PDs."""
    model = content.model.load().shifted(log_odds)
    part = ModelPart(
        kind=content.model.kind,
        name=content.model.name,
        digest=model.digest,
        sidecar=model.sidecar(),
        text=content.model.text,
    )
    return content.model_copy(update={"model": part})


def answers(content: Content, applicants: Applicants) -> pl.DataFrame:
    """What the strategy answers each applicant, with the terms of its first offer."""
    return decided(Strategy(seal(content)), applicants)


def access(before: pl.DataFrame, after: pl.DataFrame) -> Access:
    """How answers changed, of the same applicants in the same order."""
    was, now = (each["outcome"].is_in(list(OFFERING)) for each in (before, after))
    both = was & now
    person = after["outcome"] == REFER
    worth = {name: _sum(after[name]) for name in ("profit", "expected_loss", "capital")}
    apr, days = (after.filter(now)[name].cast(pl.Float64).mean() for name in ("apr", "wait_days"))
    per = _PER / max(after.height, 1)

    def of(mask: pl.Series) -> float:
        return float(mask.fill_null(value=False).sum()) * per

    return Access(
        offered=of(now),
        turned_away=of(was & ~now & ~person),
        to_a_person=of(was & person),
        slower=of(both & (after["wait_days"] > before["wait_days"] + _SAME)),
        dearer=of(both & (after["apr"] > before["apr"] + _SAME)),
        less=of(both & (after["amount"] < before["amount"] - _SAME)),
        apr=apr if isinstance(apr, float) else None,
        wait_days=days if isinstance(days, float) else None,
        profit=worth["profit"] * per,
        expected_loss=worth["expected_loss"] * per,
        capital=worth["capital"] * per,
    )


def access_by_quarter(
    content: Content, applicants: Applicants, log_odds: FloatArray
) -> tuple[Access, ...]:
    """(Q,) of a scenario: each quarter beside today."""
    today = answers(content, applicants)
    return tuple(
        access(today, answers(moved_content(content, float(each)), applicants)) for each in log_odds
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """A switch of a plan; `approved` is the strategy that was made of it and approved, None where
    there is none, and `is_approved` None where nobody approves any."""

    plan: str
    switch: Switch
    approved: Content | None = None
    is_approved: bool | None = None


class Action(Document):
    """A switch of a plan turned on under stress, beside the strategy under the same stress; `does`
    is what it does, by language. `approved` says whether it could be turned on today; None: it is
    not told."""

    plan: str
    switch: str
    does: Mapping[str, str] = {}
    kind: str
    approved: bool | None = None
    access: Access


def actions(
    content: Content,
    applicants: Applicants,
    log_odds: float,
    planned: Sequence[Planned],
) -> tuple[Action, ...]:
    """What each tightening switch does under stress: the strategy approved for it, or else one made
    of it now. It sees the same PDs; who is turned away by it had an offer under the stress."""
    stressed = moved_content(content, log_odds)
    before = answers(stressed, applicants)
    made = []
    for each in planned:
        if each.approved is None:
            sealed = switched(stressed, each.switch, stressed.strategy.version + 1)
        else:
            sealed = seal(moved_content(each.approved, log_odds))
        change = access(before, decided(Strategy(sealed), applicants))
        made.append(
            Action(
                plan=each.plan,
                switch=each.switch.name,
                does=dict(each.switch.does),
                kind=each.switch.kind,
                approved=each.is_approved,
                access=change,
            )
        )
    return tuple(made)


def _sum(column: pl.Series) -> float:
    return float(column.cast(pl.Float64).fill_null(0.0).sum())

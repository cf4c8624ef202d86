"""A plan's switch as a strategy prepared in advance: what it makes of the one in force, and proof
that it can only tighten."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from equipoise.errors import BadInput, GateRefused
from equipoise.strategy.checks import Placed, never_or_always, ranges_in
from equipoise.strategy.content import Content
from equipoise.strategy.decision import OFFERING, REFER
from equipoise.strategy.document import Rule, StrategyDocument
from equipoise.strategy.engine import Strategy
from equipoise.strategy.program import WORDS
from equipoise.strategy.sealing import Sealed, seal
from equipoise.watch.plans import Switch

_EVERYBODY = "TRUE"
_MOST_TOLD = 20
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Looser:
    """An applicant whom a switch would give more: what each of the two strategies answers."""

    id: str
    before: str
    after: str
    why: str


def switched(content: Content, switch: Switch, version: int) -> Sealed:
    """The strategy of `content` with a tightening switch turned on, as its version `version`.

    `freeze` and `tighten` put a rule that declines before all others; `people` has a person decide
    in every journey. Whatever else the strategy says, it says as before. Raises BadInput for the
    relief of a plan, which is a version of its own, where the document cannot be compiled, and for
    a `when` that is no condition.
    """
    document = content.strategy
    if switch.kind == "relief":
        raise BadInput(
            f"'{switch.name}' is relief: it names a version, none is made of it", field="kind"
        )
    changed = _people(document) if switch.kind == "people" else _declining(document, switch)
    update = {"strategy": _validated(changed.model_copy(update={"version": version}))}
    sealed = seal(content.model_copy(update=update))
    _refuse_no_condition(Strategy(sealed), switch)
    return sealed


def _refuse_no_condition(strategy: Strategy, switch: Switch) -> None:
    """A rule fires where it is true: what is a number or a word, or what nobody within the
    contract's ranges meets, would never tighten anything; what everybody meets is a freeze."""
    if switch.when is None:
        return
    rule = strategy.compiled.program.rules[switch.name]
    kind = rule.type
    if kind != "boolean":
        raise BadInput(
            f"`when` of '{switch.name}' is a {kind}, and is never true",
            field="when",
            mend="write a condition, as `pd > 0.1`",
        )
    content = strategy.content
    ranges = ranges_in(content.strategy, content.contract, tuple(content.grades["names"]))
    ranges = {WORDS.get(name, name): each for name, each in ranges.items()}
    for each in never_or_always([Placed(0, switch.name, rule)], ranges, "switch"):
        raise BadInput(each.message, field="when", mend=each.mend)


def _declining(document: StrategyDocument, switch: Switch) -> StrategyDocument:
    lacking = [each for each in document.languages if each not in switch.texts]
    if lacking:
        raise BadInput(
            f"the switch '{switch.name}' has no text in {', '.join(lacking)}",
            field="texts",
            mend=f"say to customers of '{document.name}' why, in each of its languages",
        )
    if any(each.name == switch.name for each in document.rules):
        raise BadInput(
            f"the strategy has a rule '{switch.name}' already",
            field="name",
            mend="turn the switch back first, or give it another name",
        )
    reason = switch.reason or ""
    when = switch.when or _EVERYBODY
    rule = Rule(name=switch.name, when=when, outcome="decline", reason=reason)
    texts = {**document.texts, reason: dict(switch.texts)}
    return document.model_copy(update={"rules": (rule, *document.rules), "texts": texts})


def _people(document: StrategyDocument) -> StrategyDocument:
    journeys = dict.fromkeys(each for tier in document.tiers for each in tier.journeys)
    return document.model_copy(update={"person": tuple(journeys)})


def _validated(document: StrategyDocument) -> StrategyDocument:
    return StrategyDocument.model_validate(document.model_dump())


def check_tighter(before: Strategy, after: Strategy, applicants: pl.DataFrame) -> int:
    """How many of the applicants the switch gives less. Raises GateRefused naming those whom it
    would give more: a yes for a no or for a person's decision, a person's decision for a no, a
    larger amount, or a lower price.

    `applicants` are rows of the contract, as `decide_frame` reads them.
    """
    answers = _answers(before, after, applicants)
    looser = _looser(answers)
    if looser:
        reasons = "; ".join(f"{one.id}: {one.why}" for one in looser[:_MOST_TOLD])
        raise GateRefused(
            f"it would give more to {len(looser)} of {answers.height} applicants ({reasons})",
            field="switch",
            mend="a switch may only tighten; what gives more is relief, approved by itself",
        )
    return int(answers.select((pl.col("rank") > pl.col("rank_after")).sum()).item())


def _answers(before: Strategy, after: Strategy, applicants: pl.DataFrame) -> pl.DataFrame:
    one, two = (_ranked(each.decide_frame(applicants)) for each in (before, after))
    return one.with_columns(two.select(pl.all().name.suffix("_after")))


def _ranked(answers: pl.DataFrame) -> pl.DataFrame:
    """Outcome as a rank (no, a person, yes), with the first offer's amount and price."""
    rank = (
        pl.when(pl.col("outcome").is_in(OFFERING))
        .then(2)
        .when(pl.col("outcome") == REFER)
        .then(1)
        .otherwise(0)
    )
    first = pl.col("offers").list.first()
    return answers.select(
        "id",
        "outcome",
        rank.alias("rank"),
        first.struct.field("amount").alias("amount"),
        first.struct.field("apr").alias("apr"),
    )


def _looser(answers: pl.DataFrame) -> list[Looser]:
    offered = (pl.col("rank") == 2) & (pl.col("rank_after") == 2)
    more = pl.col("rank_after") > pl.col("rank")
    larger = offered & (pl.col("amount_after") > pl.col("amount") + _SAME)
    cheaper = offered & (pl.col("apr_after") < pl.col("apr") - _SAME)
    why = (
        pl.when(more)
        .then(pl.lit("another answer"))
        .when(larger)
        .then(pl.lit("a larger amount"))
        .when(cheaper)
        .then(pl.lit("a lower price"))
    )
    rows = answers.with_columns(why.alias("why")).filter(pl.col("why").is_not_null())
    return [
        Looser(str(row["id"]), row["outcome"], row["outcome_after"], row["why"])
        for row in rows.iter_rows(named=True)
    ]

"""Reasons in Spark's SQL: the rules', and the model's by the operations of `risk.ranking` in their
order.

Spark alone of the dialects has lists to rank in, and keeps the bits of what they hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.expression import number
from equipoise.risk import Scorecard, risks_sql
from equipoise.risk.linear_sql import linear_risks
from equipoise.risk.ranking import LEAST
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import MOST_REASONS
from equipoise.strategy.document import Rule
from equipoise.strategy.runtimes.sql.rules import RULE
from equipoise.strategy.runtimes.sql.scoring import SqlModel
from equipoise.strategy.runtimes.sql.spelling import Spelling
from equipoise.texts import codes


def stated(compiled: Compiled, spelling: Spelling) -> str:
    """The codes of the rules that hold and end as the first of them does, in order; NULL where none
    holds."""
    by_outcome: dict[str, list[Rule]] = {}
    for rule in compiled.document.rules:
        by_outcome.setdefault(rule.outcome, []).append(rule)
    arms = " ".join(
        f"WHEN {spelling.name(RULE)} IN ({', '.join(spelling.text(r.name) for r in rules)})"
        f" THEN {_held(compiled, spelling, rules)}"
        for rules in by_outcome.values()
    )
    return f"CASE {arms} END" if arms else "CAST(NULL AS array<string>)"


def _held(compiled: Compiled, spelling: Spelling, rules: Sequence[Rule]) -> str:
    conditions = compiled.program.rules
    listed = ", ".join(
        f"CASE WHEN {spelling.of(conditions[r.name])} THEN {spelling.text(r.reason)} END"
        for r in rules
    )
    return f"slice(array_distinct(array_compact(array({listed}))), 1, {MOST_REASONS})"


def shortfalls(
    compiled: Compiled, model: SqlModel, spelling: Spelling, columns: Mapping[str, str]
) -> str:
    """What each concept of the model falls short by, as an array that `ranked` reads.

    `columns` gives the SQL of each feature of the model.
    """
    ranker = compiled.ranker
    if isinstance(model, Scorecard):
        shorts = risks_sql(model, ranker.means, columns)
    else:
        shorts = linear_risks(model, ranker.means, columns)
    # of equal shortfalls the first in the alphabet comes first: they are sorted by their place
    listed = ", ".join(
        f"named_struct('less', -({' + '.join(shorts[each] for each in members)}), 'at', {at},"
        f" 'code', {spelling.text(codes.concept_code(concept))})"
        for at, (concept, members) in enumerate(ranker.members.items())
    )
    return f"array({listed})"


def ranked(compiled: Compiled, shorts: str) -> str:
    """The codes of the heaviest shortfalls, at most as many as a decision gives, as an array.

    `shorts` is a column: what is written into a lambda's argument is interpreted by Spark.
    """
    harmful = f"filter({shorts}, each -> each.less < {number(-LEAST, 'spark')})"
    first = f"slice(array_sort({harmful}), 1, {compiled.ranker.at_most})"
    return f"transform({first}, each -> each.code)"

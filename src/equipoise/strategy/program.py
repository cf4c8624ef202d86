"""A strategy as expressions in the order in which they are evaluated.

Live, batch and SQL all run this one program: each stage sees the names of those before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from equipoise.contract import Contract
from equipoise.errors import Span
from equipoise.expression import Expression, literal, quoted
from equipoise.expression import compile as compile_expression
from equipoise.risk.grades import Grades
from equipoise.strategy.content import Content
from equipoise.strategy.document import (
    DECLINE,
    REFER,
    Band,
    CutoffSection,
    Give,
    StrategyDocument,
    TableSection,
    given,
)
from equipoise.strategy.editions import edition_of
from equipoise.strategy.fact_checks import DAY, DECIDED_ON
from equipoise.value.treatments import DECLINE as NOTHING
from equipoise.value.treatments import Treatment, TreatmentsDocument

SCORED = {"pd": "number", "points": "number"}
# What a strategy makes lives under names that no field can have: a field has no blank in its own.
# A lender's word means from the model on what the strategy made, before it the contract's field.
PD, POINTS, GRADE, TIER = "its pd", "its points", "its grade", "its tier"
WORDS = {"pd": PD, "points": POINTS, "grade": GRADE, "tier": TIER, DECIDED_ON: DAY}
NOT_ELIGIBLE = "not eligible"
MOST_AMOUNT, MOST_MONTHS = 1e12, 600.0
Types = dict[str, str]
Named = dict[str, Expression]


def allowed_name(k: int) -> str:
    """What says whether an applicant may have the menu's treatment at place `k`."""
    return f"its allowed {k}"


@dataclass(frozen=True, slots=True)
class Program:
    """Expressions by stage.

    `inputs` are the contract's fields that are read, with their types. `facts` are doubts
    (`its doubt 0`, ...) and the strategy's features, in stages: a feature may read those written
    above it. Then the model scores and gives `PD` and `POINTS`, `GRADE` follows, then the tier and
    `rules` (conditions by rule). `figures` are amount, term_months, monthly_income, apr, lgd and
    product; `unpriced` says that they cannot be worked with; `allowed` has one condition per
    treatment but decline (None: everybody); `where` those of priced limits; `choice` gives what a
    table or a cut-off gives: a treatment's name, decline,
    refer or `not eligible`.
    """

    inputs: Types
    facts: tuple[Named, ...]
    doubts: tuple[str, ...]
    model_features: Named
    grade: Expression
    rules: Named
    tier: Expression
    figures: Named
    unpriced: Expression
    menu: tuple[Treatment, ...]
    allowed: tuple[Expression | None, ...]
    where: tuple[Expression | None, ...]
    choice: Expression | None
    types: Types


def readable_types(contract: Contract) -> Types:
    """What a strategy's features may read: features of the contract, and the day."""
    known = contract.types()
    return {**{name: known[name] for name in contract.feature_names}, DECIDED_ON: "date"}


def build(content: Content) -> Program:
    """Compile a strategy. Raises ExpressionError where an expression is not what it must be."""
    document = content.strategy
    types = readable_types(content.contract)
    stages, types = feature_stages(document, types)
    features = {name: each for stage in stages for name, each in stage.items()}
    model_features = _compiled(content.model_features, content.types, "the model's features")
    types = {**types, **SCORED}
    grade = _compile(grade_text(Grades.from_dict(content.grades)), types)
    types["grade"] = "string"
    types.pop("tier", None)  # a tier's condition cannot read the tier, nor a field of that name
    tier = _compile(tier_text(document), types, Span("strategy.yaml: tiers"))
    types["tier"] = "string"
    rules = {r.name: _condition(r.when, types, f"rules.{r.name}") for r in document.rules}
    figures = _figures(content, types)
    menu = offered(content.treatments, document)
    allowed = tuple(_allowed(each, document, types) for each in menu[1:])
    where = _where(content, types)
    choosing = {**types, **{allowed_name(k): "boolean" for k in range(1, len(menu))}}
    choice = _choice(document, menu, choosing)
    early = (*features.values(), *model_features.values())
    last = (*rules.values(), tier, *figures.values(), *allowed, *where, choice)
    read = _read(content, (*early, *filter(None, last)))
    every = {**content.contract.types(), DAY: "date"}
    texts = edition_of(content.edition).doubts(content.contract, list(read))
    doubted = {f"its doubt {at}": compile_expression(text, every) for at, text in enumerate(texts)}
    return Program(
        inputs=read,
        facts=({**doubted, **(stages[0] if stages else {})}, *stages[1:]),
        doubts=tuple(doubted),
        model_features=model_features,
        grade=grade,
        rules=rules,
        tier=tier,
        figures=figures,
        unpriced=_unpriced(_types_of(figures)),
        menu=menu,
        allowed=allowed,
        where=where,
        choice=choice,
        types={**types, **_types_of(figures)},
    )


def offered(treatments: TreatmentsDocument, document: StrategyDocument) -> tuple[Treatment, ...]:
    """The menu that the strategy may give; decline comes first."""
    return offered_of(treatments.menu(), document)


def offered_of(menu: tuple[Treatment, ...], document: StrategyDocument) -> tuple[Treatment, ...]:
    """Those of a menu that the strategy may give."""
    wanted = document.treatments
    if wanted == "all":
        return menu
    return tuple(each for each in menu if each.name == NOTHING or each.name in wanted)


def grade_text(grades: Grades) -> str:
    """The grade as an expression over `pd`."""
    if not grades.bounds:
        return f"CASE WHEN pd IS NOT NULL THEN {literal(grades.names[0])} END"
    arms = " ".join(
        f"WHEN pd < {literal(bound)} THEN {literal(name)}"
        for bound, name in zip(grades.bounds, grades.names, strict=False)
    )
    return f"CASE WHEN pd IS NULL THEN NULL {arms} ELSE {literal(grades.names[-1])} END"


def tier_text(document: StrategyDocument) -> str:
    """The tier as an expression: the first whose condition holds."""
    first, last = document.tiers[:-1], document.tiers[-1]
    if not first:
        return literal(last.name)
    arms = " ".join(f"WHEN {each.when} THEN {literal(each.name)}" for each in first if each.when)
    return f"CASE {arms} ELSE {literal(last.name)} END"


def feature_stages(document: StrategyDocument, types: Types) -> tuple[list[Named], Types]:
    """The strategy's features by stage, and the types with theirs added."""
    known, level = dict(types), dict.fromkeys(types, 0)
    stages: list[Named] = []
    for name, text in document.features.items():
        where = Span(f"strategy.yaml: features.{name}")
        each = compile_expression(text, known, where=where, called={DECIDED_ON: DAY})
        depth = max((level.get(used, 0) for used in each.names), default=0)
        known[name], level[name] = each.type, depth + 1
        stages.extend({} for _ in range(depth + 1 - len(stages)))
        stages[depth][name] = each
    return stages, known


def _compiled(texts: Mapping[str, str], types: Types, section: str) -> Named:
    return {
        name: compile_expression(text, types, where=Span(f"strategy.yaml: {section}.{name}"))
        for name, text in texts.items()
    }


def _types_of(expressions: Named) -> Types:
    return {name: each.type for name, each in expressions.items()}


def _compile(text: str, types: Types, where: Span | None = None) -> Expression:
    """An expression from the model on: the lender's words mean what the strategy made."""
    return compile_expression(text, types, where=where, called=WORDS)


def _condition(text: str, types: Types, section: str) -> Expression:
    return _compile(text, types, Span(f"strategy.yaml: {section}"))


def _figures(content: Content, types: Types) -> Named:
    section = content.strategy.applicant
    texts = {
        "amount": section.amount,
        "term_months": section.term_months,
        "monthly_income": section.monthly_income,
        "apr": section.apr,
        "lgd": section.lgd or literal(content.lgd),
    }
    if section.product is not None:
        texts["product"] = section.product
    return {
        f"its {name}": _compile(text, types, Span(f"strategy.yaml: applicant.{name}"))
        for name, text in texts.items()
    }


def _unpriced(types: Types) -> Expression:
    amount, months, income, apr = (
        quoted(f"its {name}") for name in ("amount", "term_months", "monthly_income", "apr")
    )
    text = " OR ".join(
        [
            f"({amount} > 0 AND {amount} <= {MOST_AMOUNT!r}) IS NOT TRUE",
            f"({months} >= 0.5 AND {months} <= {MOST_MONTHS!r}) IS NOT TRUE",
            f"({income} > 0 AND {income} <= {MOST_AMOUNT!r}) IS NOT TRUE",
            f"({apr} > 0 AND {apr} <= 2) IS NOT TRUE",
        ]
    )
    return compile_expression(text, types)


def _allowed(treatment: Treatment, document: StrategyDocument, types: Types) -> Expression | None:
    """Whom a treatment may be given to: its own conditions, and the tiers that have its journey."""
    conditions = [f"({text})" for text in treatment.eligible]
    journey = treatment.journey.name if treatment.journey else ""
    tiers = [each.name for each in document.tiers if journey in each.journeys]
    if not tiers:
        return _compile("tier IS NULL", types)  # nobody: no tier has its journey
    if len(tiers) < len(document.tiers):
        conditions.append(f"tier IN ({', '.join(map(literal, tiers))})")
    if not conditions:
        return None
    where = Span(f"treatments.yaml: {treatment.name}")
    return _compile(" AND ".join(conditions), types, where)


def _where(content: Content, types: Types) -> tuple[Expression | None, ...]:
    section = content.strategy.balance
    if section is None or content.strategy.choose != "balance":
        return ()
    audited = {**content.contract.types(), **types}
    return tuple(
        None
        if row.where is None
        else _condition(row.where, audited if row.parity else types, f"balance.prices.{row.name}")
        for row in section.prices
    )


def _choice(
    document: StrategyDocument, menu: tuple[Treatment, ...], types: Types
) -> Expression | None:
    if document.choose == "balance":
        return None
    positions = {each.name: k for k, each in enumerate(menu)}
    section = document.table if document.choose == "table" else document.cutoff
    arms = (
        table_arms(section)
        if isinstance(section, TableSection)
        else cutoff_arms(section)
        if isinstance(section, CutoffSection)
        else []
    )
    parts = [part for condition, give in arms for part in _gives(condition, give, positions)]
    # what no row covers falls to a person
    rest = [part for part in parts if part[0] is None]
    ending = rest[0][1] if rest else REFER
    when = " ".join(f"WHEN {condition} THEN {literal(to)}" for condition, to in parts if condition)
    text = f"CASE {when} ELSE {literal(ending)} END" if when else literal(ending)
    return _compile(text, types, Span(f"strategy.yaml: {document.choose}"))


def table_arms(section: TableSection) -> list[tuple[str | None, Give]]:
    """Each row's condition (None: everybody) and what it gives."""
    arms: list[tuple[str | None, Give]] = []
    for row in section.rows:
        parts = [f"tier = {literal(row.tier)}"] if row.tier else []
        parts += [f"({row.when})"] if row.when else []
        arms.append((" AND ".join(parts) or None, row.give))
    return arms


def cutoff_arms(section: CutoffSection) -> list[tuple[str | None, Give]]:
    """Each band's condition and what it gives; the last is everybody else."""

    def condition(band: Band) -> str:
        if section.score == "pd":
            return f"pd < {literal(band.below)}"
        return f"points >= {literal(band.at_least)}"

    bands: list[tuple[str | None, Give]] = [(condition(b), b.give) for b in section.bands]
    return [*bands, (None, section.otherwise)]


def _gives(
    condition: str | None, give: Give, positions: Mapping[str, int]
) -> Iterable[tuple[str | None, str]]:
    """The arms of one row: each treatment where it is allowed, then `not eligible`."""
    for name in given(give):
        k = positions.get(name)
        if name in (NOTHING, DECLINE) or (name == REFER and k is None):
            yield condition, name
            return
        allowed = quoted(name if k is None else allowed_name(k))  # an unknown name is told so
        yield (f"{condition} AND {allowed}" if condition else allowed), name
    yield condition, NOT_ELIGIBLE


def _read(content: Content, expressions: Iterable[Expression]) -> Types:
    """Fields of the contract that the strategy reads, in the contract's order."""
    names = {name for each in expressions for name in each.names}
    names -= set(content.strategy.features)  # of its own making
    fields = content.contract.fields
    names |= {field.as_of for field in fields if field.name in names and field.as_of}
    return {field.name: field.type for field in fields if field.name in names}

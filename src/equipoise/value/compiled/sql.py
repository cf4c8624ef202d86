"""The choice of a treatment as SQL: the live formula's own code, laid out as sub-selects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from equipoise.expression import DialectName, number, quoted
from equipoise.numeric.arrays import FloatArray
from equipoise.value.compiled import symbolic
from equipoise.value.compiled.figures import Figures
from equipoise.value.compiled.layers import POWERS, Layout, array, powers
from equipoise.value.compiled.packing import lender, treatment
from equipoise.value.compiled.symbolic import Graph, Node, Table, pick
from equipoise.value.measures import MEASURES
from equipoise.value.treatments import Treatment

INPUTS = ("pd", "lgd", "amount", "months", "income", "apr")
TERMS = ("apr", "amount", "months", "instalment")
AT_TERMS = ("apr", "amount", "months", "pays", "rate", "repaid", "odds", "log_odds")
UNIT = "unit"
_MOST_ARGUMENTS = 100  # of a function in SQLite, which takes 127 at most


@dataclass(frozen=True, slots=True)
class Question:
    """What SQL is to be written about, in the SQL of the dialect.

    `source` is what follows FROM, `keep` its columns that come out again. `inputs` are expressions
    for `INPUTS`, doubles that are valid or NULL: where one is NULL there is no choice. `where` has
    a condition per row of `rows`; `allowed` one per treatment's place on the menu, where limited.
    `second` asks for the runner-up too.
    """

    source: str
    keep: Sequence[str]
    inputs: Mapping[str, str]
    base: FloatArray
    rows: FloatArray
    where: Sequence[str] = ()
    allowed: Mapping[int, str] = field(default_factory=dict)
    second: bool = False


def choice_sql(
    figures: Figures, menu: Sequence[Treatment], question: Question, dialect: DialectName
) -> str:
    """A SELECT that gives `keep`, then treatment (place on the menu), net, and the four terms.

    With `second` come the same of the runner-up, under the names of `seconds`.
    """
    graph, prefix = Graph(), _prefix(question.keep)
    written = _Written(figures, menu, question, graph, prefix)
    layout = Layout(dialect, prefix)
    nets, terms = written.nets(), written.terms()
    goals = {node: "" for node in (*nets, *(t for row in terms for t in row)) if _is_node(node)}
    layout.place(list(graph.nodes.values()), goals)
    keep = [quoted(each, dialect) for each in question.keep]
    flags, carried = layout.flags(_flags(question))
    last = [*sorted(map(layout.value, goals)), *carried]
    query = layout.selects(_base(question, figures, layout, [*keep, *flags]), keep, last)
    query = _with_best(query, layout, question, nets, [*keep, *last])
    best, place = f"{prefix}best", f"{prefix}treatment"
    passed = [*keep, *last, best]
    query = _with_place(query, layout, question, nets, passed)
    chosen = {"treatment": (place, best)}
    if question.second:
        query = _with_second(query, layout, question, nets, [*passed, place])
        chosen["second_treatment"] = (f"{prefix}second_treatment", f"{prefix}second")
    return _with_terms(query, layout, chosen, terms, keep)


def seconds(name: str) -> str:
    """What the runner-up's column is called: `second_treatment`, `second_net`, `second_apr`, .."""
    return f"second_{name}"


class _Written:
    """The formula's results per treatment, as nodes."""

    def __init__(
        self,
        figures: Figures,
        menu: Sequence[Treatment],
        question: Question,
        graph: Graph,
        prefix: str,
    ) -> None:
        self.question, self.graph, self.prefix = question, graph, prefix
        known = {name: graph.column(f"{prefix}{name}") for name in INPUTS}
        known["seen"], known["instalment"] = symbolic.run("standing", known)
        self.known: dict[str, Any] = {**known, **lender(figures)}
        self.table = Table(UNIT, len(figures.unit_capital.values))
        self.values = [self._valued(treatment(figures, each)) for each in menu[1:]]

    def _valued(self, parts: Mapping[str, float]) -> tuple[Any, ...]:
        """Measures and terms of one treatment."""
        known = {**self.known, **parts}
        terms = symbolic.run("at_terms", known)
        known |= dict(zip(AT_TERMS, terms, strict=True))
        place = symbolic.run("capital_place", known)
        known["unit_capital"] = symbolic.lookup(self.table, place)
        return (*symbolic.run("measured", known), *terms[: len(TERMS)])

    def nets(self) -> list[Any]:
        """Value net of prices of each treatment but the decline."""
        weights = [self._weight(m) for m in range(len(MEASURES))]
        nets = []
        for values in self.values:
            # a weight that is zero for everybody adds nothing, not even a rounding
            parts = [w * x for w, x in zip(weights, values, strict=False) if _is_node(w) or w != 0]
            total: Any = parts[0] if parts else 0.0
            for part in parts[1:]:
                total = total + part
            nets.append(total + 0.0)  # the live sum starts at a zero, which leaves no -0.0
        return nets

    def terms(self) -> list[Sequence[Any]]:
        """APR, amount, months and instalment of each treatment but the decline."""
        return [values[len(MEASURES) :] for values in self.values]

    def _weight(self, m: int) -> Any:
        weight: Any = float(self.question.base[m])
        for j, row in enumerate(self.question.rows):
            if row[m] != 0:
                held = self.graph.condition(f"{self.prefix}w{j}")
                weight = pick(held, weight + float(row[m]), weight)
        return weight


def _flags(question: Question) -> dict[str, str]:
    """Who has a choice, and who may have what."""
    known = " AND ".join(f"({question.inputs[name]}) IS NOT NULL" for name in INPUTS)
    allowed = {f"a{k}": f"COALESCE({sql}, FALSE)" for k, sql in question.allowed.items()}
    return {"ready": f"({known})", **allowed}


def _base(question: Question, figures: Figures, layout: Layout, carried: Sequence[str]) -> str:
    prefix, dialect, given = layout.prefix, layout.dialect, question.inputs
    parts = [
        *carried,
        *(f"{_double(given[name], dialect)} AS {prefix}{name}" for name in INPUTS),
        *(f"COALESCE({text}, FALSE) AS {prefix}w{j}" for j, text in enumerate(question.where)),
        f"{array(figures.unit_capital.values, dialect)} AS {prefix}{UNIT}",
        f"{powers(dialect)} AS {prefix}{POWERS}",
    ]
    return f"SELECT {', '.join(parts)}\nFROM {question.source}{layout.fence}"


def _double(text: str, dialect: DialectName) -> str:
    double = "DOUBLE PRECISION" if dialect == "postgres" else "DOUBLE"  # a REAL to SQLite
    known = f"CAST({text} AS {double})"
    # who has no choice is valued at ones by Spark, for nothing: see `Layout._known`
    return f"COALESCE({known}, {number(1.0, dialect)})" if dialect == "spark" else known


def _with_best(
    inner: str, layout: Layout, question: Question, nets: Sequence[Any], passed: Sequence[str]
) -> str:
    """Adds the highest net of what is allowed; the decline's is 0."""
    prefix = layout.prefix
    candidates = [number(0.0, layout.dialect)]
    for k, net in enumerate(nets, start=1):
        text = layout.value(net)
        limited = k in question.allowed
        candidates.append(f"CASE WHEN {layout.flag(f'a{k}')} THEN {text} END" if limited else text)
    best = f"CASE WHEN {layout.flag('ready')} THEN {_greatest(candidates, layout)} END"
    return (
        f"SELECT {', '.join(passed)}, {best} AS {prefix}best\nFROM ({inner}) AS nets{layout.fence}"
    )


def _greatest(values: Sequence[str], layout: Layout) -> str:
    """The greatest that is no NULL."""
    if layout.dialect != "sqlite":
        return f"GREATEST({', '.join(values)})"
    least = "-9e999"
    known = [f"COALESCE({each}, {least})" for each in values]
    greatest = least
    for at in range(0, len(known), _MOST_ARGUMENTS):
        greatest = f"MAX({', '.join([greatest, *known[at : at + _MOST_ARGUMENTS]])})"
    return f"NULLIF({greatest}, {least})"


def _with_place(
    inner: str, layout: Layout, question: Question, nets: Sequence[Any], passed: Sequence[str]
) -> str:
    """Adds the first on the menu that has the highest net."""
    prefix, best = layout.prefix, f"{layout.prefix}best"
    arms = [f"WHEN {best} IS NULL THEN NULL WHEN {best} <= {number(0.0, layout.dialect)} THEN 0"]
    for k, net in enumerate(nets, start=1):
        held = f"{layout.flag(f'a{k}')} AND " if k in question.allowed else ""
        arms.append(f"WHEN {held}{layout.value(net)} = {best} THEN {k}")
    return (
        f"SELECT {', '.join(passed)}, CASE {' '.join(arms)} END"
        f" AS {prefix}treatment\nFROM ({inner}) AS best{layout.fence}"
    )


def _with_second(
    inner: str, layout: Layout, question: Question, nets: Sequence[Any], passed: Sequence[str]
) -> str:
    """Adds the highest net of what else is allowed, and the first on the menu that has it."""
    prefix, zero = layout.prefix, number(0.0, layout.dialect)
    place, second = f"{prefix}treatment", f"{prefix}second"
    others, arms = [f"CASE WHEN {place} > 0 THEN {zero} END"], []
    arms.append(f"WHEN {second} IS NULL THEN NULL WHEN {place} > 0 AND {second} <= {zero} THEN 0")
    for k, net in enumerate(nets, start=1):
        held = f"{layout.flag(f'a{k}')} AND " if k in question.allowed else ""
        others.append(f"CASE WHEN {held}{place} <> {k} THEN {layout.value(net)} END")
        arms.append(f"WHEN {held}{place} <> {k} AND {layout.value(net)} = {second} THEN {k}")
    listed = ", ".join(passed)
    others_sql = (
        f"SELECT {listed}, {_greatest(others, layout)} AS {second}"
        f"\nFROM ({inner}) AS others{layout.fence}"
    )
    return (
        f"SELECT {listed}, {second}, CASE {' '.join(arms)} END AS {prefix}second_treatment"
        f"\nFROM ({others_sql}) AS seconds{layout.fence}"
    )


def _with_terms(
    inner: str,
    layout: Layout,
    chosen: Mapping[str, tuple[str, str]],
    terms: Sequence[Sequence[Any]],
    keep: Sequence[str],
) -> str:
    """For each place that was chosen (under its name: columns of place and net) its terms."""
    outputs = []
    for name, (place, net) in chosen.items():
        own = str if name == "treatment" else seconds
        outputs += [f"{place} AS {name}", f"{net} AS {own('net')}"]
        for at, term in enumerate(TERMS):
            cases = " ".join(
                f"WHEN {k} THEN {layout.value(row[at])}" for k, row in enumerate(terms, 1)
            )
            outputs.append(f"CASE {place} {cases} END AS {own(term)}")
    return f"SELECT {', '.join([*keep, *outputs])}\nFROM ({inner}) AS chosen"


def _is_node(value: Any) -> TypeGuard[Node]:
    return isinstance(value, Node)


def _prefix(keep: Sequence[str]) -> str:
    """A beginning that no kept column has."""
    prefix = "v_"
    while any(each.lower().startswith(prefix) for each in keep):
        prefix += "_"
    return prefix

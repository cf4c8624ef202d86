"""The benchmark's strategy as an analyst would write it in Spark's SQL: over typed columns, without
doubts of a fact, with EXP and POWER, and all reasons but the first left out.

Its outcomes, treatments and first reasons are those of the strategy where no fact is doubtful; nets
that nearly tie may differ by what EXP rounds.
"""

from __future__ import annotations

from collections.abc import Callable

from equipoise.risk.characteristic import Attribute, Characteristic, Numeric
from equipoise.risk.pd_table import PdTable
from equipoise.risk.scorecard import Scorecard
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.engine import Strategy
from equipoise.value.compiled.packing import lender, treatment
from equipoise.value.measures import MEASURES

_HIGHEST = 25_000  # that the demo's machine gives by itself
_FEATURES = {
    "amount_to_income": "(amount_asked / monthly_income)",
    "instalment_free_income": "((monthly_income - debt_payments) / amount_asked)",
    "thin_file": "CASE WHEN bureau_score IS NULL THEN 1 ELSE 0 END",
}


def plain_query(strategy: Strategy, table: str) -> str:
    """Id, outcome, treatment and first reason of each row of `table`."""
    compiled = strategy.compiled
    card = compiled.model
    assert isinstance(card, Scorecard)
    steps = {
        "derived": _derived(strategy, table),
        "scored": f"SELECT *, {_points(card)} AS points FROM derived",
        **_pd(card.pd_table),
        "ruled": _ruled(compiled),
        **_Valued(compiled).steps(),
    }
    listed = ",\n".join(f"{name} AS ({text})" for name, text in steps.items())
    return f"WITH {listed}\n{_answers(compiled)}"


def _derived(strategy: Strategy, table: str) -> str:
    """The columns that are read, and the strategy's features."""
    columns = [str(strategy.content.contract.id), *strategy.compiled.program.inputs]
    return (
        f"SELECT {', '.join(columns)}, amount_asked / (12 * monthly_income) AS"
        f" amount_to_yearly_income, bureau_score IS NULL AS thin FROM {table}"
    )


def _points(card: Scorecard) -> str:
    parts = [_number(card.base_points), *map(_worth, card.characteristics)]
    return "\n + ".join(parts)


def _worth(each: Characteristic) -> str:
    column = _FEATURES.get(each.name, each.name)
    arms = [f"WHEN {column} IS NULL THEN {_of(each.missing)}"]
    if isinstance(each, Numeric):
        pairs = zip(each.edges, each.attributes, strict=False)
        arms += [f"WHEN {column} < {_number(edge)} THEN {_of(held)}" for edge, held in pairs]
        last = _of(each.attributes[-1])
    else:
        for group, held in zip(each.groups, each.attributes, strict=True):
            names = ", ".join(f"'{name}'" for name in group)
            arms.append(f"WHEN {column} IN ({names}) THEN {_of(held)}")
        last = _of(each.other)
    return f"CASE {' '.join(arms)} ELSE {last} END"


def _of(attribute: Attribute | None) -> str:
    missing = attribute is None or attribute.points is None
    return "NULL" if missing else _number(attribute.points)


def _number(value: float) -> str:
    return f"{float(value)!r}D"


def _pd(table: PdTable) -> dict[str, str]:
    """The calibration as a table of its own points, a straight line between two."""
    last = len(table.pds) - 1
    pds = f"array({', '.join(map(_number, table.pds))})"
    t = f"(points - {_number(table.start)}) / {_number(table.step)}"
    at = f"least(greatest({t}, 0D), {last}D)"
    low = f"least(CAST(floor({at}) AS INT), {last - 1})"
    pd = (
        f"element_at({pds}, low + 1)"
        f" + (at - low) * (element_at({pds}, low + 2) - element_at({pds}, low + 1))"
    )
    return {
        "placed": f"SELECT *, {at} AS at, {low} AS low FROM scored",
        "risky": f"SELECT *, {pd} AS pd FROM placed",
    }


def _ruled(compiled: Compiled) -> str:
    rules = "\n".join(f"WHEN {r.when} THEN '{r.name}'" for r in compiled.document.rules)
    apr, tier = compiled.program.figures["its apr"].text, compiled.program.tier.text
    # A bare 0.095 is a DECIMAL, and a twelfth of it is cut after six digits.
    double = f"CAST({apr} AS DOUBLE)"
    return f"SELECT *, {double} AS apr, {tier} AS tier, CASE {rules} END AS rule FROM risky"


class _Valued:
    """The net of each treatment, its own column at every step."""

    def __init__(self, compiled: Compiled) -> None:
        self._menu, self._base = compiled.program.menu[1:], compiled.weights.base
        self._allowed = compiled.program.allowed
        figures = compiled.valuer.figures
        self._parts = [treatment(figures, each) for each in self._menu]
        self._lender = lender(figures)
        self._lgd = compiled.program.figures["its lgd"].text
        self._unit = f"array({', '.join(map(_number, figures.unit_capital.values))})"
        self._last = len(figures.unit_capital.values) - 1

    def steps(self) -> dict[str, str]:
        odds = "least(greatest(pd, 1e-6D), 0.999D)"
        instalment = "amount_asked * apr / 12 / (1 - power(1 + apr / 12, -term_asked))"
        standing = f"ln({odds} / (1 - {odds})) AS seen, {instalment} AS instalment"
        columns: dict[str, Callable[[int], str]] = {
            "priced": self._apr,
            "paid": lambda k: f"1 - power(1 + apr{k} / 12, -term_asked) AS repaid{k}",
            "burdened": self._odds,
            "taken": self._taken,
            "living": self._living,
            "standing_at": self._place,
            "backed": self._capital,
            "lost": self._lost,
            "earned": self._profit,
            "valued": lambda k: f"{self._net(k)} AS net{k}",
        }
        made, before = {"standing": f"SELECT *, {standing} FROM ruled"}, "standing"
        places = range(len(self._menu))
        for name, column in columns.items():
            made[name] = f"SELECT *, {', '.join(map(column, places))} FROM {before}"
            before = name
        nets = [f"net{k}" for k in places]
        made["best"] = f"SELECT *, greatest(0D, {', '.join(nets)}) AS net FROM valued"
        arms = " ".join(f"WHEN net{k} = net THEN {k}" for k in places)
        made["chosen"] = f"SELECT *, CASE WHEN net <= 0 THEN -1 {arms} END AS place FROM best"
        names = " ".join(f"WHEN {k} THEN '{each.name}'" for k, each in enumerate(self._menu))
        shares = " ".join(f"WHEN {k} THEN {_number(self._of(k, 'share'))}" for k in places)
        made["given"] = (
            f"SELECT *, CASE place WHEN -1 THEN 'decline' {names} END AS treatment,"
            f" amount_asked * CASE place {shares} END AS amount FROM chosen"
        )
        return made

    def _of(self, k: int, name: str) -> float:
        return self._parts[k][name]

    def _apr(self, k: int) -> str:
        add, low, high = (_number(self._of(k, name)) for name in ("add", "lowest", "highest"))
        moved = f"least(greatest(apr + {add}, {low}), {high})"
        return f"{moved if self._of(k, 'add') else 'apr'} AS apr{k}"

    def _odds(self, k: int) -> str:
        figures = self._lender
        pays = f"amount_asked * {_number(self._of(k, 'share'))} * apr{k} / 12 / repaid{k}"
        burden = f"least(greatest(({pays} - instalment) / monthly_income, -0.5D), 0.5D)"
        return (
            f"seen - {_number(figures['check_shift'])}"
            f" + {_number(figures['price_response'])} * (apr{k} - apr)"
            f" + {_number(figures['burden_response'])} * {burden} AS leans{k}"
        )

    def _taken(self, k: int) -> str:
        figures = self._lender
        booked = f"least(greatest(exp(leans{k}) * {_number(self._of(k, 'ratio'))}, 1e-9D), 999D)"
        window = _number(figures["window_months"])
        return (
            f"exp({_number(self._of(k, 'inclination'))}"
            f" + {_number(figures['take_up_price'])} * apr{k}"
            f" + {_number(figures['take_up_risk'])} * seen) AS leaning{k},"
            f" exp(leans{k}) AS odds{k}, power(1 + {booked}, -1 / {window}) AS alive{k}"
        )

    def _living(self, k: int) -> str:
        monthly = self._lender["funding_rate"] / 12
        own, grown = _number(monthly), _number(1 + monthly)
        return (
            f"leaning{k} / (1 + leaning{k}) AS takes{k},"
            f" (1 - alive{k} + {own}) / {grown} AS leaves{k},"
            f" 1 - power(alive{k} / {grown}, term_asked) AS faded{k},"
            f" 1 - power(alive{k}, term_asked) AS died{k}"
        )

    def _place(self, k: int) -> str:
        """Where the PD of who is booked stands in the table of capital."""
        start, step = (_number(self._lender[f"capital_{name}"]) for name in ("start", "step"))
        moved = f"(leans{k} + {_number(self._of(k, 'log_ratio'))} - {start}) / {step}"
        return f"least(greatest({moved}, 0D), {self._last}D) AS stands{k}"

    def _capital(self, k: int) -> str:
        below = f"least(CAST(floor(stands{k}) AS INT), {self._last - 1})"
        low, high = (f"element_at({self._unit}, {below} + {at})" for at in (1, 2))
        unit = f"({low} + (stands{k} - {below}) * ({high} - {low}))"
        return f"{self._lgd} * {_number(self._lender['lgd_scale'])} * {unit} AS capital{k}"

    def _lost(self, k: int) -> str:
        grown = _number(1 + self._lender["funding_rate"] / 12)
        scale = f"amount_asked * {_number(self._of(k, 'share'))} / repaid{k}"
        apart = f"(apr{k} / 12 - leaves{k} - leaves{k} * apr{k} / 12)"
        valued = f"(faded{k} / leaves{k} - (repaid{k} - faded{k}) / {apart})"
        apart_now = f"(apr{k} / 12 - (1 - alive{k}) - (1 - alive{k}) * apr{k} / 12)"
        held = f"(died{k} / (1 - alive{k}) - (repaid{k} - died{k}) / {apart_now})"
        stays, good, bad = (_number(self._of(k, name)) for name in ("stays", "good", "bad"))
        return (
            f"{scale} * (alive{k} / {grown}) * {valued} AS discounted{k},"
            f" {scale} * {held} / 12 AS years{k},"
            f" {stays} * ({good} + {bad} * odds{k}) / (1 + odds{k}) * takes{k} AS booked{k}"
        )

    def _profit(self, k: int) -> str:
        figures = self._lender
        lost = f"{self._lgd} * {_number(figures['lgd_scale'])} * (1 - alive{k}) / alive{k}"
        interest = f"(apr{k} - {_number(figures['funding_rate'])}) / 12 * discounted{k}"
        backing = f"capital{k} * years{k} * {_number(figures['cost_of_capital'])}"
        loss = f"{lost} * discounted{k}"
        worth = f"{interest} - {_number(figures['operating_cost'])} - {loss} - {backing}"
        cost = _number(self._of(k, "cost"))
        return f"{loss} AS loss{k}, booked{k} * ({worth}) - {cost} AS profit{k}"

    def _net(self, k: int) -> str:
        served = _number(self._of(k, "stays") * self._of(k, "good"))
        measures = {
            "booked": f"booked{k}",
            "good_customers_served": f"{served} * takes{k} / (1 + odds{k})",
            "exposure": f"booked{k} * amount_asked * {_number(self._of(k, 'share'))}",
            "expected_loss": f"booked{k} * loss{k}",
            "profit": f"profit{k}",
        }
        weights = zip(MEASURES, self._base, strict=True)
        net = " + ".join(f"{_number(w)} * ({measures[m]})" for m, w in weights if w != 0)
        allowed = self._allowed[k]
        return net if allowed is None else f"CASE WHEN {allowed.text} THEN {net} END"


def _answers(compiled: Compiled) -> str:
    rules = compiled.document.rules
    outcomes = " ".join(f"WHEN '{r.name}' THEN '{r.outcome}'" for r in rules)
    reasons = " ".join(f"WHEN '{r.name}' THEN '{r.reason}'" for r in rules)
    persons = [k for k, held in enumerate(compiled.by_person[1:]) if held]
    by_person = f"place IN ({', '.join(map(str, persons))})" if persons else "FALSE"
    by_choice = (
        f"CASE WHEN place = -1 THEN 'decline' WHEN {by_person} OR amount > {_HIGHEST} THEN 'refer'"
        " WHEN amount < amount_asked THEN 'counter_offer' ELSE 'approve' END"
    )
    above = f"CASE WHEN NOT {by_person} AND amount > {_HIGHEST} THEN 'ABOVE_AUTHORITY' END"
    return (
        f"SELECT application_id AS id, CASE rule {outcomes} ELSE {by_choice} END AS outcome,"
        " CASE WHEN rule IS NULL THEN treatment END AS treatment,"
        f" CASE rule {reasons} ELSE {above} END AS reason FROM given"
    )

"""A linear model as SQL: the same sum, the same logistic function and curve, to the bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from equipoise.expression import DIALECTS, DialectName, literal, number, quoted
from equipoise.risk.foreign import Term
from equipoise.risk.linear import LinearModel
from equipoise.risk.link import Curve, Link
from equipoise.risk.sigmoid import COEFFICIENTS, LARGEST, LN2_HIGH, LN2_LOW, PER_LN2

SUM, Z, EXPONENT, POWER, REST = "its sum", "its z", "its x", "its power", "its rest"


def linear_layers(
    model: LinearModel, dialect: DialectName, columns: Mapping[str, str], pd: str, when: str
) -> Iterator[dict[str, str]]:
    """Layers of columns, each over the one before; the last is the PD, called `pd`.

    `columns` gives the SQL of each feature, `when` a condition without which there is no sum.
    """
    parts = [number(model.intercept, dialect)]
    parts += [_term(each, columns[each.name], dialect) for each in model.terms]
    total = "(" + "\n + ".join(parts) + ")"
    yield {SUM: f"CASE WHEN {when} THEN {total} END"}
    link = model.link
    column = quoted(SUM, dialect)
    yield {Z: f"({number(link.shift, dialect)} + {number(link.slope, dialect)} * {column})"}
    yield from _probability(link, dialect, pd)


def linear_risks(
    model: LinearModel, means: Mapping[str, float], columns: Mapping[str, str]
) -> dict[str, str]:
    """Of each feature, in Spark's SQL, what `risks` has of it, less its mean at the cut-off."""
    nothing, slope = number(0.0, "spark"), number(model.link.slope, "spark")
    sums = dict.fromkeys(model.features, nothing)
    for each in model.terms:
        worth = f"({_term(each, columns[each.name], 'spark')} * {slope})"
        sums[each.name] = f"({sums[each.name]} + COALESCE({worth}, {nothing}))"
    return {name: f"({each} - {number(means[name], 'spark')})" for name, each in sums.items()}


def _term(term: Term, column: str, dialect: DialectName) -> str:
    if term.coefficients is not None:
        missing = "NULL" if term.missing is None else number(term.missing, dialect)
        other = "NULL" if term.other is None else number(term.other, dialect)
        arms = " ".join(
            f"WHEN {column} = {literal(name, dialect)} THEN {number(value, dialect)}"
            for name, value in term.coefficients.items()
        )
        return f"CASE WHEN {column} IS NULL THEN {missing} {arms} ELSE {other} END"
    value = f"CAST({column} AS {DIALECTS[dialect].double})"
    if term.missing is not None:
        value = f"COALESCE({value}, {number(term.missing, dialect)})"
    centred = f"({value} - {number(term.centre, dialect)})"
    scaled = f"({centred} / {number(term.scale, dialect)})"
    return f"({scaled} * {number(term.coefficient, dialect)})"


def _probability(link: Link, dialect: DialectName, pd: str) -> Iterator[dict[str, str]]:
    z = quoted(Z, dialect)
    if link.curve is not None:
        yield {pd: _curve(link.curve, z, dialect)}
    elif link.kind == "identity":
        low, high = number(0.0, dialect), number(1.0, dialect)
        yield {pd: f"CASE WHEN {z} >= {low} AND {z} <= {high} THEN {z} END"}
    else:
        yield from _logistic(z, dialect, pd)


def _logistic(z: str, dialect: DialectName, pd: str) -> Iterator[dict[str, str]]:
    """`sigmoid.logistic`, operation by operation."""

    def of(value: float) -> str:
        return number(value, dialect)

    x, k, r = (quoted(name, dialect) for name in (EXPONENT, POWER, REST))
    beyond = f"WHEN {z} > {of(LARGEST)} THEN {of(-LARGEST)} WHEN {z} < {of(-LARGEST)}"
    yield {EXPONENT: f"CASE {beyond} THEN {of(LARGEST)} ELSE -{z} END"}
    nearest = f"FLOOR({x} * {of(PER_LN2)} + {of(0.5)})"
    yield {POWER: f"CAST({nearest} AS {DIALECTS[dialect].double})"}
    yield {REST: f"(({x} - {k} * {of(LN2_HIGH)}) - {k} * {of(LN2_LOW)})"}
    series = of(COEFFICIENTS[0])
    for coefficient in COEFFICIENTS[1:]:
        series = f"({series} * {r} + {of(coefficient)})"
    most = int(LARGEST * PER_LN2) + 1
    arms = " ".join(f"WHEN {of(float(n))} THEN {of(2.0**n)}" for n in range(-most, most + 1))
    yield {pd: f"({of(1.0)} / ({of(1.0)} + {series} * CASE {k} {arms} END))"}


def _curve(curve: Curve, z: str, dialect: DialectName) -> str:
    arms = [f"WHEN {z} IS NULL THEN NULL"]
    if curve.bounds is not None:
        low, high = (number(bound, dialect) for bound in curve.bounds)
        arms.append(f"WHEN {z} < {low} OR {z} > {high} THEN NULL")
    for at, side in ((0, "<="), (-1, ">=")):
        edge, value = number(curve.xs[at], dialect), number(curve.ys[at], dialect)
        arms.append(f"WHEN {z} {side} {edge} THEN {value}")
    return f"CASE {' '.join(arms)} ELSE {_halves(curve, z, (0, len(curve.slopes)), dialect)} END"


def _halves(curve: Curve, z: str, lines: tuple[int, int], dialect: DialectName) -> str:
    """Nested CASE, halving the lines at each level, so that a row meets few comparisons."""
    low, high = lines
    if high - low == 1:
        start, slope = number(curve.ys[low], dialect), number(curve.slopes[low], dialect)
        return f"({start} + ({z} - {number(curve.xs[low], dialect)}) * {slope})"
    middle = (low + high) // 2
    below = _halves(curve, z, (low, middle), dialect)
    above = _halves(curve, z, (middle, high), dialect)
    return f"CASE WHEN {z} < {number(curve.xs[middle], dialect)} THEN {below} ELSE {above} END"

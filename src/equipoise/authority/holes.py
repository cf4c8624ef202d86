"""What is wrong with a matrix of authority: holes, rows never reached, levels out of order.

Each row covers all amounts up to its ceiling and all subsets of the exceptions it accepts. So a
row is tried at its own ceiling with all it accepts, and a hole that exists shows at the edge of
some band of amounts with no exception, one, or all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from itertools import product as every

from equipoise.authority.document import SYSTEM, AuthoritySection, MatrixRow
from equipoise.authority.matrix import Authority, Required
from equipoise.errors import did_you_mean

Keys = tuple[str | int, ...]
Cell = tuple[str, str | None]
Kind = tuple[str, ...]
OTHER = "any other"
SHOWN = 4


@dataclass(frozen=True, slots=True)
class AuthorityFault:
    """One fault: what is wrong, the keys of its place under `authority`, how to mend it."""

    message: str
    keys: Keys
    mend: str


def authority_faults(
    section: AuthoritySection,
    grades: Sequence[str],
    exception_codes: Iterable[str],
    products: Sequence[str] = (),
) -> Iterator[AuthorityFault]:
    """Every fault of the section, given the grades, reason codes and products that can occur."""
    codes = tuple(dict.fromkeys(exception_codes))
    cells: list[Cell] = list(every(grades, products or (None,)))
    yield from _unknown_names(section, grades, codes, products)
    yield from _holes(section, cells, codes)
    yield from _shadowed(section, cells, codes)
    yield from _out_of_order(section, cells, codes)
    yield from _unstaffed(section)


def _unknown_names(
    section: AuthoritySection, grades: Sequence[str], codes: Sequence[str], products: Sequence[str]
) -> Iterator[AuthorityFault]:
    for index, row in enumerate(section.matrix):
        for what, given, known in (
            ("grades", () if row.grades == "all" else row.grades, grades),
            ("exceptions", sorted(row.accepts or ()), codes),
            ("products", () if row.products == "all" else row.products, products),
        ):
            for name in given:
                if name not in known:
                    mend = (
                        "give the strategy an expression `product`"
                        if what == "products" and not known
                        else did_you_mean(name, known)
                    )
                    message = f"row {index + 1} names '{name}', which never occurs in {what}"
                    yield AuthorityFault(message, ("matrix", index, what), mend)


def _holes(
    section: AuthoritySection, cells: Sequence[Cell], codes: Sequence[str]
) -> Iterator[AuthorityFault]:
    authority = Authority(section)
    bands = _bands(section)
    kinds = _kinds(section, codes)
    least: dict[tuple[object, ...], float] = {}
    for carried in [(), *((kind,) for kind in kinds)]:
        by_amount: dict[float, list[Cell]] = {}
        for cell in cells:
            lowest = _first_gap(authority, cell, _first_of(carried), bands)
            if lowest is not None and lowest < least.get((*cell, ()), math.inf):
                by_amount.setdefault(lowest, []).append(cell)
                least[*cell, carried] = lowest
        for lowest, open_cells in sorted(by_amount.items()):
            yield _hole(section, lowest, open_cells, cells, carried)
    yield from _holes_together(section, cells, kinds, least)


def _holes_together(
    section: AuthoritySection,
    cells: Sequence[Cell],
    kinds: Sequence[Kind],
    least: Mapping[tuple[object, ...], float],
) -> Iterator[AuthorityFault]:
    """Holes that show only where several exceptions come together; the fewest that show it."""
    authority = Authority(section)
    bands = _bands(section)
    by_reach: dict[tuple[float, tuple[Kind, ...]], list[Cell]] = {}
    for cell in cells:
        lowest = _first_gap(authority, cell, _first_of(kinds), bands)
        before = [least.get((*cell, each), math.inf) for each in [(), *((k,) for k in kinds)]]
        if lowest is None or lowest >= min(before):
            continue
        needed = tuple(kinds)
        for kind in kinds:
            fewer = tuple(each for each in needed if each != kind)
            if _first_gap(authority, cell, _first_of(fewer), bands) == lowest:
                needed = fewer
        by_reach.setdefault((lowest, needed), []).append(cell)
    for (lowest, needed), open_cells in by_reach.items():
        yield _hole(section, lowest, open_cells, cells, needed)


def _kinds(section: AuthoritySection, codes: Sequence[str]) -> tuple[Kind, ...]:
    """The codes in groups that no row tells apart; the first of a group stands for all."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for code in codes:
        accepted = tuple(row.accepts is None or code in row.accepts for row in section.matrix)
        groups.setdefault(accepted, []).append(code)
    return tuple(tuple(group) for group in groups.values())


def _first_of(kinds: Iterable[Kind]) -> tuple[str, ...]:
    return tuple(kind[0] for kind in kinds)


def _first_gap(
    authority: Authority, cell: Cell, exceptions: tuple[str, ...], bands: Sequence[float]
) -> float | None:
    """The amount above which no row covers the cell, -1 for any; None where all are covered."""
    grade, product = cell
    for below, amount in pairwise((-1.0, *bands)):
        if authority.level_for(amount, grade, exceptions, product).row is None:
            return below
    return None


def _hole(
    section: AuthoritySection,
    lowest: float,
    open_cells: Sequence[Cell],
    cells: Sequence[Cell],
    carried: tuple[Kind, ...],
) -> AuthorityFault:
    parts = ["any amount" if lowest < 0 else f"an amount above {lowest:,.15g}"]
    if len(open_cells) < len(cells):
        parts.append(_cells_text(open_cells, cells))
    if carried:
        several = "exceptions" if len(carried) > 1 else "exception"
        parts.append(f"{several} {' and '.join(_one_of(kind) for kind in carried)}")
    else:
        parts.append("no exception")
    mend = f"add a row for it, or end the matrix with {{level: {section.highest}}}"
    return AuthorityFault(f"no row covers {', '.join(parts)}", ("matrix",), mend)


def _one_of(kind: Kind) -> str:
    if len(kind) > SHOWN:
        return f"{', '.join(kind[:SHOWN])} or {len(kind) - SHOWN} more"
    return " or ".join(kind)


def _cells_text(open_cells: Sequence[Cell], cells: Sequence[Cell]) -> str:
    every_product = {product for _, product in cells}
    by_products: dict[tuple[str | None, ...], list[str]] = {}
    for grade in dict.fromkeys(grade for grade, _ in open_cells):
        products = tuple(product for g, product in open_cells if g == grade)
        by_products.setdefault(products, []).append(grade)
    texts = []
    for products, grades in by_products.items():
        text = f"grade {', '.join(grades)}"
        if len(products) < len(every_product):
            text += f" with product {', '.join(str(product) for product in products)}"
        texts.append(text)
    return "; ".join(texts)


def _shadowed(
    section: AuthoritySection, cells: Sequence[Cell], codes: Sequence[str]
) -> Iterator[AuthorityFault]:
    for index, row in enumerate(section.matrix):
        mine = [cell for cell in cells if _matches(row, cell)]
        if not mine:
            continue  # told as names that never occur
        ceiling = _ceiling(row)
        accepted = (
            frozenset((*codes, OTHER))
            if row.accepts is None
            else frozenset(code for code in row.accepts if code in codes)
        )
        covering: set[int] = set()
        for cell in mine:
            first = _first_cover(section.matrix[:index], cell, ceiling, accepted)
            if first is None:
                break
            covering.add(first)
        else:
            names = ", ".join(str(place + 1) for place in sorted(covering))
            yield AuthorityFault(
                f"row {index + 1} can never be reached: row {names} covers all of it",
                ("matrix", index),
                "remove it, or move it up",
            )


def _first_cover(
    rows: Sequence[MatrixRow], cell: Cell, amount: float, codes: frozenset[str]
) -> int | None:
    for place, row in enumerate(rows):
        if (
            _matches(row, cell)
            and amount <= _ceiling(row)
            and (row.accepts is None or codes <= row.accepts)
        ):
            return place
    return None


def _out_of_order(
    section: AuthoritySection, cells: Sequence[Cell], codes: Sequence[str]
) -> Iterator[AuthorityFault]:
    authority = Authority(section)
    bands = _bands(section)
    reported: set[tuple[int, int]] = set()
    for grade, product in cells:
        plain = [authority.level_for(amount, grade, (), product) for amount in bands]
        for exceptions in [(), *((kind[0],) for kind in _kinds(section, codes))]:
            levels = [authority.level_for(amount, grade, exceptions, product) for amount in bands]
            for low, high in [*pairwise(levels), *zip(plain, levels, strict=True)]:
                if low.row is None or high.row is None or (low.row, high.row) in reported:
                    continue
                if _weight(section, high) < _weight(section, low):
                    reported.add((low.row, high.row))
                    yield _lower(low, high, "a higher amount" if not exceptions else "more")


def _lower(low: Required, high: Required, what: str) -> AuthorityFault:
    asked = "an exception or a higher amount" if what == "more" else what
    message = (
        f"{asked} needs less authority: row {(high.row or 0) + 1} asks {_who(high)}, "
        f"row {(low.row or 0) + 1} asks {_who(low)}"
    )
    mend = "raise the level of the one row, or lower the other's"
    return AuthorityFault(message, ("matrix", high.row or 0, "level"), mend)


def _who(required: Required) -> str:
    times = f" x {required.signatures}" if required.signatures > 1 else ""
    return f"{required.level}{times}"


def _unstaffed(section: AuthoritySection) -> Iterator[AuthorityFault]:
    used = {row.level for row in section.matrix} - {SYSTEM}
    used.add(section.highest)
    for place, level in enumerate(section.levels):
        if level.people == 0 and level.name in used:
            message = f"cases go to level '{level.name}', and nobody staffs it"
            yield AuthorityFault(message, ("levels", place, "staff"), "give it people")
    for index, row in enumerate(section.matrix):
        if row.level == SYSTEM:
            continue
        able = sum(level.people for level in section.levels[section.rank(row.level) :])
        if 0 < able < row.joint:
            message = f"row {index + 1} wants {row.joint} signatures; {able} people could sign"
            mend = "ask for fewer, or add people at this level or above"
            yield AuthorityFault(message, ("matrix", index, "joint"), mend)


def _bands(section: AuthoritySection) -> list[float]:
    """The upper edge of each band of amounts, the last without end."""
    return sorted({_ceiling(row) for row in section.matrix} | {math.inf})


def _ceiling(row: MatrixRow) -> float:
    return math.inf if row.up_to is None else row.up_to


def _matches(row: MatrixRow, cell: Cell) -> bool:
    grade, product = cell
    return (row.grades == "all" or grade in row.grades) and (
        row.products == "all" or product in row.products
    )


def _weight(section: AuthoritySection, required: Required) -> tuple[int, int]:
    return section.rank(required.level), required.signatures

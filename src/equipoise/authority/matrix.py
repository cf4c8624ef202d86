"""Who may decide one case: the matrix compiled for one look-up, a frame, or one expression."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as every
from typing import TYPE_CHECKING

from equipoise.authority.document import SYSTEM, AuthoritySection, MatrixRow
from equipoise.expression import literal, quoted

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Required:
    """The level that decides, how many of its people sign, and the row (from 0) that says so.

    `row` is None where no row holds: such a case goes to the highest level.
    """

    level: str
    signatures: int
    row: int | None


@dataclass(frozen=True, slots=True)
class _Cell:
    """The rows that may hold for one grade and product.

    `ceilings` and `plain` serve a known amount without exceptions: each entry is a row that
    covers amounts no earlier row covers. `rows` are all, as (bit, ceiling, answer).
    """

    ceilings: tuple[float, ...]
    plain: tuple[Required, ...]
    rows: tuple[tuple[int, float, Required], ...]


class Authority:
    """The matrix of amount, grade, exceptions and product, compiled.

    A grade or product that is missing or that no row names matches only rows open to all; a
    missing amount (None or NaN) only rows without ceiling. `system` never decides a case whose
    amount or grade is missing. What no row covers goes to the highest level.
    """

    def __init__(self, section: AuthoritySection) -> None:
        self.section = section
        rows = section.matrix
        self._beyond = Required(section.highest, 1, None)
        self._answers = tuple(Required(row.level, row.joint, k) for k, row in enumerate(rows))
        named = {g for row in rows if row.grades != "all" for g in row.grades}
        # None stands for a missing grade, "" for one that no row names
        grades = {None, "", *named}
        products = {None, *(p for row in rows if row.products != "all" for p in row.products)}
        self._grades, self._products = frozenset(grades), frozenset(products)
        self._cells = {(g, p): self._cell(g, p) for g, p in every(grades, products)}
        self._any = _bits(row.accepts is None for row in rows)
        codes = {code for row in rows for code in row.accepts or ()}
        self._accepting = {
            code: _bits(row.accepts is None or code in row.accepts for row in rows)
            for code in codes
        }
        self._known = _bits(row.level != SYSTEM for row in rows)

    def _cell(self, grade: str | None, product: str | None) -> _Cell:
        ceilings: list[float] = []
        plain: list[Required] = []
        matches: list[tuple[int, float, Required]] = []
        for answer, row in zip(self._answers, self.section.matrix, strict=True):
            if not _open_to(row, grade, product):
                continue
            ceiling = math.inf if row.up_to is None else row.up_to
            matches.append((1 << (answer.row or 0), ceiling, answer))
            if not ceilings or ceiling > ceilings[-1]:
                ceilings.append(ceiling)
                plain.append(answer)
        plain.append(self._beyond)
        return _Cell(tuple(ceilings), tuple(plain), tuple(matches))

    def level_for(
        self,
        amount: float | None,
        grade: str | None,
        exceptions: Collection[str] = (),
        product: str | None = None,
    ) -> Required:
        """Who decides one case; the first row that holds."""
        cell = self._cells.get((grade, product))
        if cell is None:
            cell = self._cells[
                grade if grade in self._grades else "",
                product if product in self._products else None,
            ]
        if amount is None or amount != amount:  # noqa: PLR0124 - true of NaN alone
            mask, sought = self._known, math.inf
        elif exceptions:
            mask, sought = -1, amount
        else:
            return cell.plain[bisect_left(cell.ceilings, amount)]
        for code in exceptions:
            mask &= self._accepting.get(code, self._any)
        for bit, ceiling, answer in cell.rows:
            if mask & bit and sought <= ceiling:
                return answer
        return self._beyond

    def level_for_frame(
        self,
        frame: pl.DataFrame,
        *,
        amount: str = "amount",
        grade: str = "grade",
        exceptions: str | None = None,
        product: str | None = None,
    ) -> pl.DataFrame:
        """`level`, `signatures` and `row` for each row of a frame, as `level_for` gives them.

        `exceptions` names a column of lists of codes, `product` one of strings; a null list is an
        empty one.
        """
        import polars as pl

        money = pl.col(amount).cast(pl.Float64).fill_nan(None)
        letter = pl.col(grade).cast(pl.String)
        kind = pl.lit(None, pl.String) if product is None else pl.col(product).cast(pl.String)
        codes = None if exceptions is None else pl.col(exceptions)
        chosen = pl.lit(None, pl.Int64)
        for index, row in reversed(list(enumerate(self.section.matrix))):
            holds = _holds(row, money, letter, codes, kind)
            chosen = pl.when(holds).then(pl.lit(index, pl.Int64)).otherwise(chosen)
        rows = pl.DataFrame(
            {
                "row": pl.Series(range(len(self._answers)), dtype=pl.Int64),
                "level": [answer.level for answer in self._answers],
                "signatures": [answer.signatures for answer in self._answers],
            }
        )
        return (
            frame.with_columns(chosen.alias("row"))
            .select("row")
            .join(rows, on="row", how="left", maintain_order="left")
            .select(
                pl.col("level").fill_null(self._beyond.level),
                pl.col("signatures").fill_null(self._beyond.signatures).cast(pl.Int64),
                "row",
            )
        )

    def as_expression(
        self,
        amount_name: str,
        grade_name: str,
        product_name: str | None = None,
        exceptions: Mapping[str, str] | None = None,
    ) -> str:
        """The level of an application, as one expression over its names.

        `exceptions` maps reason codes to boolean names, true where the application carries them;
        without it the application has none.
        """
        levels = [literal(answer.level) for answer in (*self._answers, self._beyond)]
        return self._case(levels, (amount_name, grade_name, product_name), exceptions or {})

    def signatures_as_expression(
        self,
        amount_name: str,
        grade_name: str,
        product_name: str | None = None,
        exceptions: Mapping[str, str] | None = None,
    ) -> str:
        """How many must sign, likewise."""
        counts = [str(answer.signatures) for answer in (*self._answers, self._beyond)]
        return self._case(counts, (amount_name, grade_name, product_name), exceptions or {})

    def _case(
        self,
        answers: Sequence[str],
        names: tuple[str, str, str | None],
        exceptions: Mapping[str, str],
    ) -> str:
        """The answer of the first row that holds; the last one is of none."""
        *of_rows, otherwise = answers
        money, letter = quoted(names[0]), quoted(names[1])
        kind = None if names[2] is None else quoted(names[2])
        branches = []
        for row, answer in zip(self.section.matrix, of_rows, strict=True):
            if row.products != "all" and kind is None:
                continue
            parts = _conditions(row, money, letter, kind or "")
            for code, name in exceptions.items():
                if row.accepts is not None and code not in row.accepts:
                    parts.append(f"NOT {quoted(name)}")
            condition = " AND ".join(parts)
            if not condition:
                otherwise = answer
                break
            branches.append(f"WHEN {condition} THEN {answer}")
        if not branches:
            return otherwise
        return " ".join(["CASE", *branches, f"ELSE {otherwise} END"])


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def _open_to(row: MatrixRow, grade: str | None, product: str | None) -> bool:
    if row.level == SYSTEM and grade is None:
        return False
    return (row.grades == "all" or grade in row.grades) and (
        row.products == "all" or product in row.products
    )


def _holds(
    row: MatrixRow, amount: pl.Expr, grade: pl.Expr, codes: pl.Expr | None, product: pl.Expr
) -> pl.Expr:
    import polars as pl

    parts = []
    if row.up_to is not None:
        parts.append(amount <= row.up_to)
    elif row.level == SYSTEM:
        parts.append(amount.is_not_null())
    if row.grades != "all":
        parts.append(grade.is_in(list(row.grades)))
    elif row.level == SYSTEM:
        parts.append(grade.is_not_null())
    if row.products != "all":
        parts.append(product.is_in(list(row.products)))
    if codes is not None and row.accepts is not None:
        known = pl.element().is_in(list(row.accepts))
        parts.append(codes.fill_null([]).list.eval(known).list.all())
    return pl.all_horizontal(parts) if parts else pl.lit(True)


def _conditions(row: MatrixRow, amount: str, grade: str, product: str) -> list[str]:
    parts = []
    if row.up_to is not None:
        parts.append(f"{amount} <= {float(row.up_to)!r}")
    elif row.level == SYSTEM:
        parts.append(f"{amount} IS NOT NULL")
    if row.grades != "all":
        parts.append(f"{grade} IN ({', '.join(map(literal, row.grades))})")
    elif row.level == SYSTEM:
        parts.append(f"{grade} IS NOT NULL")
    if row.products != "all":
        parts.append(f"{product} IN ({', '.join(map(literal, row.products))})")
    return parts

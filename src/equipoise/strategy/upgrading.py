"""Sealing an older edition's content anew, and showing whom that changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.reading.tables import broken_parquet
from equipoise.errors import BadInput, Span
from equipoise.strategy.content import content_from
from equipoise.strategy.editions import CURRENT, EDITIONS
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files.decisions import decided_pieces
from equipoise.strategy.files.parquet_pieces import is_parquet
from equipoise.strategy.files.tables import whole
from equipoise.strategy.sealing import Sealed, opened, seal, unsealed

COMPARED = ("outcome", "grade", "treatment", "pd", "reasons", "offers")


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A strategy before and after: `before` is None where its edition is not known any more, and
    `edition` where the seal did not say one."""

    edition: int | None
    digest: str
    before: Sealed | None
    after: Sealed

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "edition_before": self.edition,
            "edition": CURRENT,
            "digest_before": self.digest,
            "digest": self.after.digest,
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """Whom an upgrade changes: `moves` has before, after and rows; `people` a row to each whose
    answer differs: id, the outcomes before and after, and what differs."""

    rows: int
    moves: pl.DataFrame
    people: pl.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "applications": self.rows,
            "changed": self.people.height,
            "moves": self.moves.to_dicts(),
            "people": self.people.to_dicts(),
        }


def upgraded(path: Path) -> Upgrade:
    """The sealed strategy of `path` under this edition. Raises BadInput where it is of it already,
    or its content cannot be read."""
    where = Span(str(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=where) from None
    data, digest, _ = opened(raw, str(path))
    edition = data.get("edition")
    if edition == CURRENT:
        raise BadInput(
            f"the strategy is of edition {CURRENT} already",
            where=where,
            field="edition",
            mend="use it as it is",
        )
    if isinstance(edition, int) and edition > CURRENT:
        unsealed(raw, str(path))  # says that it is later than this version
    before = unsealed(raw, str(path)) if edition in EDITIONS else None
    after = seal(content_from(_anew(data)))
    return Upgrade(edition if isinstance(edition, int) else None, digest, before, after)


def _anew(data: dict[str, Any]) -> dict[str, Any]:
    """The content as this edition has it; the first edition called itself a version."""
    return {**{name: part for name, part in data.items() if name != "version"}, "edition": CURRENT}


def written_beside(upgrade: Upgrade, source: Path, output: Path) -> None:
    """Write the new file. Raises BadInput where it would take the older one's place."""
    if output.exists() and output.samefile(source):
        raise BadInput(
            "the older strategy may be needed to replay what it decided",
            where=Span(str(output)),
            field="--output",
            mend="name another file",
        )
    upgrade.after.write(output)


def changed_by(
    upgrade: Upgrade,
    source: str,
    answers: Path | None,
    at: date | None = None,
) -> Changed:
    """Whom it changes among the applications of a file.

    `answers` are those that the older version gave to that file; they are needed where its edition
    is not known here. Raises BadInput where there is nothing to compare with.
    """
    if answers is not None:
        before = _answers_in(answers)
    elif upgrade.before is not None:
        before = _answers(upgrade.before, source, at)
    else:
        raise BadInput(
            "this version cannot decide by the older edition any more",
            field="--answers",
            mend="give the answers that the older version wrote: `equipoise decide ... --output`",
        )
    return changed(before, _answers(upgrade.after, source, at))


def _answers_in(path: Path) -> pl.DataFrame:
    """Answers of ours in a file: in Parquet with lists and objects, which no application has."""
    if not (path.is_file() and is_parquet(path)):
        return whole(path)
    try:
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise broken_parquet(str(path)) from error


def _answers(sealed: Sealed, source: str, at: date | None) -> pl.DataFrame:
    parts = [answers for _, answers in decided_pieces(Strategy(sealed), source, at=at)]
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame({"id": []})


def changed(before: pl.DataFrame, after: pl.DataFrame) -> Changed:
    """Two tables of answers about the same applications, in the same order, held together.

    Raises BadInput where they are not of the same applications.
    """
    if not {"id", "outcome"} <= {*before.columns}:
        raise BadInput("this is no file of answers", field="--answers")
    if before.height != after.height or not before["id"].cast(pl.String).equals(after["id"]):
        raise BadInput(
            "these answers are not of the same applications, in the same order",
            field="id",
            mend="give the answers that the older version gave to this very file",
        )
    names = [name for name in COMPARED if name in before.columns and name in after.columns]
    differs = {name: _differs(before[name], after[name]) for name in names}
    table = pl.DataFrame(
        {"id": after["id"], "before": before["outcome"], "after": after["outcome"]}
    )
    flags = pl.DataFrame(differs)
    people = table.with_columns(
        pl.Series("differs", [[n for n in names if row[n]] for row in flags.iter_rows(named=True)])
    ).filter(flags.select(pl.any_horizontal(pl.all()).alias("any"))["any"])
    moves = people.group_by("before", "after").len("rows")
    moves = moves.sort("rows", "before", "after", descending=[True, False, False])
    return Changed(after.height, moves, people)


def _differs(before: pl.Series, after: pl.Series) -> pl.Series:
    if not after.dtype.is_nested():
        return before.cast(after.dtype, strict=False).ne_missing(after)
    then = [json.loads(each) if isinstance(each, str) else each for each in before.to_list()]
    return pl.Series([a != b for a, b in zip(then, after.to_list(), strict=True)], dtype=pl.Boolean)

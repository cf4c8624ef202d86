"""Applicants held by a cluster's workers, as the solver at the driver meets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from equipoise.balance.everybody import Scan
from equipoise.balance.measured import BLOCK, Aim, Figures, known_columns
from equipoise.balance.problem import Problem
from equipoise.cluster.solving_blocks import KEY, Block, Held, Keys
from equipoise.cluster.solving_passes import (
    GIVEN_SCHEMA,
    HELD_SCHEMA,
    Around,
    Few,
    Given,
    Task,
    adding,
    building,
    choosing,
    forgetting,
    pricing,
    sampling,
    scanning,
)
from equipoise.cluster.telling import told_plainly
from equipoise.cluster.watching import job_watched
from equipoise.errors import BadInput, EquipoiseError
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.progress import Progress

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MOST = 250_000  # undecided applicants that come to the driver, about
SHARE_LEFT = 1 / 16  # of everybody, who may be undecided after the first pass: a careful guess
TREE = 256  # partitions from which sums come back by way of others
REBUILT = 3  # times that blocks are made anew before it is given up


@dataclass(frozen=True, slots=True)
class Undecided(Scan):
    """A pass over a cluster: the keys of those who are left, in the order of `rest`."""

    keys: Keys | None = None


class HeldApplicants:
    """Applicants whose measures stay with the workers, for any number of solves.

    `masks` are boolean columns, `measures` those that aims will ask for. Raises BadInput for a
    column that there is not, and for a figure that a loan cannot have, naming whose it is.
    """

    def __init__(
        self,
        applicants: DataFrame,
        figures: Figures,
        measures: Sequence[str],
        masks: Sequence[str] = (),
        *,
        id: str = "id",  # noqa: A002  (the column's own name)
        threads: int = 1,
        progress: Progress | None = None,
    ) -> None:
        folder = f"equipoise-{uuid4().hex}"
        self.held = Held(folder, id, figures, tuple(masks), tuple(measures))
        self.session: Any = applicants.sparkSession
        self.threads, self.progress = threads, progress
        self._ids = applicants
        self._source = _source(applicants, self.held)
        self._sample: tuple[int, Few, Mapping[str, FloatArray]] | None = None
        self._build()

    def _build(self) -> None:
        """Have every partition's blocks held; one row of each stays where its block is."""
        self._places = self._source.mapInArrow(building(self.held), HELD_SCHEMA).persist()
        with told_plainly("holding applicants"), self._job("Valuing applicants"):
            rows = self._places.select("partition", "applicants").collect()
        self.partitions = len({row["partition"] for row in rows})
        self.applicants = sum(row["applicants"] for row in rows)

    def release(self) -> None:
        """Remove the blocks from the workers. What was chosen can still be read."""
        with told_plainly("releasing blocks"):
            self._places.mapInArrow(forgetting(), HELD_SCHEMA).count()
            self._places.unpersist()

    def given(self, task: Task, title: str) -> Given:
        """What a pass over all blocks gives. Blocks that are lost are made anew, and it again."""
        for _ in range(REBUILT):
            frame = self._places.mapInArrow(task, GIVEN_SCHEMA)
            if self.partitions > TREE:
                nodes = round(self.partitions**0.5)
                frame = frame.repartition(nodes).mapInArrow(adding(), GIVEN_SCHEMA)
            with told_plainly("solving"), self._job(title):
                rows = frame.collect()
            given = Given.joined([Given.read(**row.asDict()) for row in rows])
            if not given.lost:
                return given
            self._places.unpersist()
            self._build()
        raise EquipoiseError(
            "blocks of applicants are lost again and again",
            mend="raise spark.locality.wait, and see that the workers' local folders stay",
        )

    def chosen(self, aim: Aim, prices: FloatArray, keys: Keys, choice: np.ndarray) -> DataFrame:
        """Id, treatment and measures of all, read when they are asked for."""
        from pyspark.sql import types

        schema = types.StructType(
            [
                types.StructField(self.held.id, self._ids.schema[self.held.id].dataType),
                types.StructField("treatment", types.StringType()),
                *(types.StructField(name, types.DoubleType()) for name in self.held.measures),
            ]
        )
        task = choosing(self.held, aim, prices, keys, choice.astype(np.int16))
        return self._source.mapInArrow(task, schema)

    def best_scores(self, aim: Aim, prices: FloatArray) -> float:
        """The sum of everybody's best score at these prices."""
        sums = self.given(pricing(self.held, aim, prices), "Pricing treatments").sums
        if sums is None:
            raise BadInput("there are no applicants", field="applicants")
        return float(sums.value[0])

    def sample(self, size: int, aim: Aim) -> Problem:
        """About `size` applicants under an aim; drawn once, whatever the aim."""
        if self._sample is None or self._sample[0] != size:
            task = sampling(self.held, min(1.0, size / self.applicants))
            few = self.given(task, "Drawing a sample").few
            if few is None or not few.keys.size:
                raise BadInput("there are no applicants", field="applicants")
            self._sample = size, few, self._table(few)
        return self._problem(aim, *self._sample[1:])

    def scan(self, aim: Aim, around: Around, chance: float) -> tuple[Undecided, int]:
        """Who is undecided, or each of them with a chance, and how many they are."""
        given = self.given(scanning(self.held, aim, around, chance), "Settling applicants")
        few, sums = given.few, given.sums
        if sums is None or few is None:
            raise BadInput("there are no applicants", field="applicants")
        if not few.keys.size:
            return Undecided(None, sums, keys=few.keys), 0
        self._refuse_twice(few)
        rest = self._problem(aim, few, self._table(few))
        share = few.keys.size / given.undecided
        return Undecided(rest, sums, share, few.keys), given.undecided

    def _table(self, few: Few) -> dict[str, FloatArray]:
        """The held measures of a few, valued here: figures are quicker sent than measures."""
        block = _block(self.held, few)
        slices = [slice(start, start + BLOCK) for start in range(0, few.keys.size, BLOCK)]
        with ThreadPoolExecutor(self.threads) as pool:
            parts = list(pool.map(block.table, slices))
        return {name: np.concatenate([p[name] for p in parts]) for name in self.held.measures}

    def _problem(self, aim: Aim, few: Few, table: Mapping[str, FloatArray]) -> Problem:
        masks: dict[str, BoolArray] = dict(zip(self.held.masks, few.masks, strict=True))
        return aim.problem(table, masks, self.held.figures.allowed(list(few.figures)))

    def _refuse_twice(self, few: Few) -> None:
        """An applicant that is there twice, to the last figure: its choices cannot be told."""
        again = np.flatnonzero(few.keys[1:] == few.keys[:-1])
        if not again.size:
            return
        with told_plainly("looking for an applicant"):
            row = self._source.where(f"{KEY} = {few.keys[again[0]]}").select(self.held.id).first()
        raise BadInput(
            f"the applicant with {self.held.id} = {row[0]!r} is there twice",
            field=self.held.id,
            mend="give each application its own id, or leave the second out",
        )

    def _job(self, title: str) -> Any:
        return job_watched(self.session, self.progress, title)


class Aimed:
    """`Everybody` of a cluster under one aim."""

    def __init__(self, held: HeldApplicants, aim: Aim) -> None:
        self.held, self.aim = held, aim
        self.applicants = held.applicants
        self._chance = min(1.0, MOST / (SHARE_LEFT * max(self.applicants, 1)))

    def sample(self, size: int) -> Problem:
        """About so many, drawn by their keys."""
        return self.held.sample(size, self.aim)

    def scan(self, prices: FloatArray, errors: FloatArray, scale: FloatArray) -> Undecided:
        """A pass over all; another, where a part of the undecided came and all can come."""
        around = Around(prices, errors, scale)
        scan, left = self.held.scan(self.aim, around, self._chance)
        if scan.share < 1.0 and left <= MOST:
            scan, left = self.held.scan(self.aim, around, 1.0)
        self._chance = min(1.0, MOST / max(left, 1))
        return scan


def _block(held: Held, few: Few) -> Block:
    return Block(held, few.keys, few.figures, few.masks)


def _source(applicants: DataFrame, held: Held) -> DataFrame:
    """Id, key, figures and masks of each applicant. The key hashes all of them: equal keys, equal
    applicants."""
    from pyspark.sql import functions as sql

    known_columns([held.id, *held.figures.columns, *held.masks], applicants.columns)
    numbers = [_column(name).try_cast("double").alias(name) for name in held.figures.columns]
    masks = [_column(name).try_cast("boolean").alias(name) for name in held.masks]
    key = sql.xxhash64(_column(held.id), *numbers, *masks).alias(KEY)
    return applicants.select(_column(held.id), key, *numbers, *masks)


def _column(name: str) -> Any:
    from pyspark.sql import functions as sql

    return sql.col("`" + name.replace("`", "``") + "`")

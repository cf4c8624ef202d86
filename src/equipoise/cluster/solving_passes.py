"""What a worker does in a pass: prices come, sums and the few who are undecided go back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from equipoise.balance.measured import Aim
from equipoise.balance.stream import scan_part
from equipoise.balance.sums import Sums
from equipoise.balance.undecided import best_whole
from equipoise.cluster.solving_blocks import (
    KEY,
    Block,
    Held,
    Keys,
    block_of,
    chosen,
    forget,
    groups,
    place_of,
    read_block,
    shares,
    write_block,
)
from equipoise.cluster.telling import telling
from equipoise.numeric.arrays import BoolArray, FloatArray

HELD_SCHEMA = "partition int, place string, applicants long"
GIVEN_SCHEMA = "lost long, undecided long, sums binary, few binary"
SAMPLED, UNDECIDED = 1, 2  # salts: one sample says nothing of the other

Batches = Iterator[pa.RecordBatch]
Task = Callable[[Batches], Batches]


@dataclass(frozen=True, slots=True)
class Few:
    """Some applicants by key: figures (columns, n), masks (masks, n)."""

    keys: Keys
    figures: FloatArray
    masks: BoolArray

    @classmethod
    def of(cls, block: Block, who: np.ndarray) -> Few:
        """Those at positions of a block."""
        return cls(block.keys[who], block.figures[:, who], block.masks[:, who])

    @classmethod
    def joined(cls, several: Sequence[Few]) -> Few:
        """All of them in the order of their keys: nothing tells which worker held whom."""
        keys = np.concatenate([each.keys for each in several])
        order = np.argsort(keys, kind="stable")
        return cls(
            keys[order],
            np.concatenate([each.figures for each in several], axis=1)[:, order],
            np.concatenate([each.masks for each in several], axis=1)[:, order],
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What passes over some blocks gave; `lost` counts blocks that were not where they were."""

    lost: int = 0
    undecided: int = 0
    sums: Sums | None = None
    few: Few | None = None

    @classmethod
    def joined(cls, several: Sequence[Given]) -> Given:
        """The same over all of these blocks, in any order of them."""
        sums = [each.sums for each in several if each.sums is not None]
        few = [each.few for each in several if each.few is not None]
        return cls(
            sum(each.lost for each in several),
            sum(each.undecided for each in several),
            Sums.of(sums) if sums else None,
            Few.joined(few) if few else None,
        )

    def batch(self) -> pa.RecordBatch:
        """One row of `GIVEN_SCHEMA`."""
        sums, few = self.sums, self.few
        return pa.RecordBatch.from_pydict(
            {
                "lost": pa.array([self.lost], pa.int64()),
                "undecided": pa.array([self.undecided], pa.int64()),
                "sums": pa.array([sums and _packed(high=sums.high, low=sums.low)], pa.binary()),
                "few": pa.array(
                    [few and _packed(keys=few.keys, figures=few.figures, masks=few.masks)],
                    pa.binary(),
                ),
            }
        )

    @classmethod
    def read(cls, lost: int, undecided: int, sums: bytes | None, few: bytes | None) -> Given:
        """One row of `GIVEN_SCHEMA`, as it comes back."""
        return cls(
            lost,
            undecided,
            None if sums is None else Sums(**_unpacked(sums)),
            None if few is None else Few(**_unpacked(few)),
        )


@dataclass(frozen=True, slots=True)
class Around:
    """Prices (rows,) and the ellipsoid around them: `errors` (rows, rows), in units of `scale`."""

    prices: FloatArray
    errors: FloatArray
    scale: FloatArray


def building(held: Held) -> Task:
    """Hold a partition's applicants as blocks, those that are still here as they are."""

    def build(batches: Batches) -> Batches:
        partition = _partition()
        for index, table in enumerate(groups(batches)):
            block = _here(held, partition, index, table)
            if block is None:
                block = write_block(block_of(held, table), place_of(held, partition, index))
            yield pa.RecordBatch.from_pydict(
                {
                    "partition": pa.array([partition], pa.int32()),
                    "place": pa.array([str(place_of(held, partition, index))], pa.string()),
                    "applicants": pa.array([block.keys.size], pa.int64()),
                }
            )

    return telling(build)


def sampling(held: Held, chance: float) -> Task:
    """Those whom their keys draw with this chance."""

    def drawn(block: Block) -> Given:
        return Given(few=Few.of(block, np.flatnonzero(shares(block.keys, SAMPLED) < chance)))

    return _over_blocks(held, drawn)


def scanning(held: Held, aim: Aim, around: Around, chance: float) -> Task:
    """The undecided around prices, each with a chance, and what the settled give."""

    def scan(block: Block) -> Given:
        problems = block.problems(aim)
        part = scan_part(problems, around.prices, around.errors, around.scale)
        drawn = part.who[shares(block.keys[part.who], UNDECIDED) < chance]
        return Given(0, part.who.size, part.settled, Few.of(block, drawn))

    return _over_blocks(held, scan)


def pricing(held: Held, aim: Aim, prices: FloatArray) -> Task:
    """The sum of everybody's best score at these prices, (1,)."""

    def score(block: Block) -> Given:
        sums = [best_whole(problem, prices)[1] for problem in block.problems(aim)]
        return Given(sums=Sums.of(sums))

    return _over_blocks(held, score)


def choosing(held: Held, aim: Aim, prices: FloatArray, keys: Keys, choice: np.ndarray) -> Task:
    """Everybody's id, treatment and held measures: the best at these prices, but for `keys`.

    It takes the applicants themselves; their blocks where they are here.
    """

    def choose(batches: Batches) -> Batches:
        partition = _partition()
        for index, table in enumerate(groups(batches)):
            block = _here(held, partition, index, table) or block_of(held, table).valued()
            best = np.concatenate([best_whole(p, prices)[0] for p in block.problems(aim)])
            who, at = chosen(block.keys, keys)
            best[who] = choice[at]
            yield from _answers(held, table, block, best).to_batches()

    return telling(choose)


def forgetting() -> Task:
    """Remove the blocks."""

    def remove(batches: Batches) -> Batches:
        for batch in batches:
            for place in batch.column("place").to_pylist():
                forget(Path(place))
            yield batch

    return telling(remove)


def adding() -> Task:
    """Several workers' givens as one: a node of the tree in which sums come back."""

    def add(batches: Batches) -> Batches:
        rows = [Given.read(**row) for batch in batches for row in batch.to_pylist()]
        if rows:
            yield Given.joined(rows).batch()

    return telling(add)


def _over_blocks(held: Held, work: Callable[[Block], Given]) -> Task:
    def passed(batches: Batches) -> Batches:
        given = []
        for batch in batches:
            for place in batch.column("place").to_pylist():
                block = read_block(held, Path(place))
                given.append(Given(lost=1) if block is None else work(block))
        if given:
            yield Given.joined(given).batch()

    return telling(passed)


def _here(held: Held, partition: int, index: int, table: pa.Table) -> Block | None:
    """The block of these very applicants, where this worker holds it."""
    block = read_block(held, place_of(held, partition, index))
    keys = table.column(KEY).to_numpy()
    return block if block is not None and np.array_equal(block.keys, keys) else None


def _answers(held: Held, table: pa.Table, block: Block, best: np.ndarray) -> pa.Table:
    names = pa.array(held.figures.treatments, pa.string())
    if block.measures is None:
        block = block.valued()
    measures: FloatArray = block.measures  # type: ignore[assignment]  # valued just now
    everyone = np.arange(best.size)
    columns = {
        held.id: table.column(held.id),
        "treatment": names.take(pa.array(best)),
        **{name: pa.array(measures[at][everyone, best]) for at, name in enumerate(held.measures)},
    }
    return pa.table(columns)


def _partition() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return 0 if context is None else int(context.partitionId())


def _packed(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _unpacked(packed: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return dict(arrays)

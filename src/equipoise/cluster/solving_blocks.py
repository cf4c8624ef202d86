"""Blocks of applicants at a worker: figures and measures as arrays on its own disk, mapped.

Spark gives each worker local folders and clears them when its executor ends; so nothing is left
behind by a job that dies. A block is a folder that appears whole or not at all.
"""

from __future__ import annotations

import mmap
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from equipoise.balance.measured import BLOCK, Aim, Figures, mask_of
from equipoise.balance.problem import Problem
from equipoise.errors import Span
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.value.measures import MEASURES

ROWS = 4 * BLOCK  # applicants of a block: a mapped file of some tens of megabytes
ROOM = 2.0  # times a block: what must be free on the disk for its measures to be held
KEY = "equipoise_key"
_ARRAYS = ("keys", "figures", "masks")
_AT_ONCE = getattr(mmap, "MAP_POPULATE", 0)  # Linux
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of each applicant, and in which folder of a worker's."""

    folder: str
    id: str
    figures: Figures
    masks: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Some applicants: keys (n,), figures (columns, n), masks (masks, n).

    `measures` is (measures, n, treatments); None where they are valued when they are asked for.
    """

    held: Held
    keys: Keys
    figures: FloatArray
    masks: BoolArray
    measures: FloatArray | None = None

    def problems(self, aim: Aim) -> Iterator[Problem]:
        """The applicants under an aim, a few thousand at a time."""
        for start in range(0, self.keys.size, BLOCK):
            some = slice(start, start + BLOCK)
            known = self._figures(some)
            masks = dict(zip(self.held.masks, self.masks[:, some], strict=True))
            allowed = self.held.figures.allowed(known)
            yield aim.problem(self.table(some), masks, allowed, Problem.known)

    def table(self, some: slice) -> Mapping[str, FloatArray]:
        """The held measures of some of the applicants, (applicants, treatments) each."""
        if self.measures is not None:
            return dict(zip(self.held.measures, self.measures[:, some], strict=True))
        everything = self.held.figures.everything(self._figures(some))
        return {name: everything[MEASURES.index(name)] for name in self.held.measures}

    def valued(self, into: FloatArray | None = None) -> Block:
        """The same block with its measures, in `into` where that is given."""
        shape = (len(self.held.measures), self.keys.size, len(self.held.figures.treatments))
        measures = np.empty(shape) if into is None else into
        for start in range(0, self.keys.size, BLOCK):
            some = slice(start, start + BLOCK)
            for at, table in enumerate(self.table(some).values()):
                measures[at, some] = table
        return Block(self.held, self.keys, self.figures, self.masks, measures)

    def _figures(self, some: slice) -> list[FloatArray]:
        return [np.ascontiguousarray(column[some]) for column in self.figures]


def block_of(held: Held, table: pa.Table) -> Block:
    """Read and check applicants. Raises BadInput naming who has a figure that cannot be."""
    ids = table.column(held.id)
    frame = pl.from_arrow(table.select([KEY, *held.figures.columns, *held.masks]))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  (a table is a table)

    def told(at: int) -> tuple[str, Span | None]:
        return f"for the applicant with {held.id} = {ids[at].as_py()!r}", None

    columns = [held.figures.checked(name, frame[name], told) for name in held.figures.columns]
    masks = [mask_of(frame[name]) for name in held.masks]
    keys = np.ascontiguousarray(frame[KEY].to_numpy(), dtype=np.int64)
    return Block(
        held,
        keys,
        np.stack(columns),
        np.stack(masks) if masks else np.zeros((0, keys.size), dtype=np.bool_),
    )


def groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """A partition's applicants, `ROWS` at a time: one that holds most of all fits in memory."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        while sum(each.num_rows for each in waiting) >= ROWS:
            table = pa.Table.from_batches(waiting)
            yield table[:ROWS]
            waiting = table[ROWS:].to_batches()
    if sum(each.num_rows for each in waiting):
        yield pa.Table.from_batches(waiting)


def place_of(held: Held, partition: int, index: int) -> Path:
    """Where a worker holds a partition's block."""
    roots = os.environ.get("SPARK_LOCAL_DIRS", tempfile.gettempdir()).split(",")
    return Path(roots[partition % len(roots)]) / held.folder / f"{partition}-{index}"


def read_block(held: Held, place: Path) -> Block | None:
    """The block at a place, mapped; None where there is none."""
    try:
        keys, figures, masks = (_mapped(place / f"{name}.npy") for name in _ARRAYS)
        measures = place / "measures.npy"
        valued = _mapped(measures) if measures.exists() else None
        return Block(held, keys, figures, masks, valued)
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_block(block: Block, place: Path) -> Block:
    """Hold a block; its measures too where the disk has room, else they are valued each time."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.parent / f"{place.name}.{uuid4().hex}"
    part.mkdir()
    try:
        for name in _ARRAYS:
            np.save(part / f"{name}.npy", getattr(block, name))
        treatments = len(block.held.figures.treatments)
        shape = (len(block.held.measures), block.keys.size, treatments)
        if shutil.disk_usage(part).free > ROOM * 8 * np.prod(shape):
            into = np.lib.format.open_memmap(
                part / "measures.npy", mode="w+", dtype=np.float64, shape=shape
            )
            block.valued(np.asarray(into))
            into.flush()
        with suppress(OSError):  # another attempt at the same task was first
            part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    written = read_block(block.held, place)
    return block if written is None else written


def forget(place: Path) -> None:
    """Remove a block, and its folder with the last."""
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()


def chosen(keys: Keys, among: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions in `keys` of those that occur in `among`, which is sorted, and where they do."""
    if not among.size:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    at = np.minimum(np.searchsorted(among, keys), among.size - 1)
    places = np.flatnonzero(among[at] == keys)
    return places, at[places]


def shares(keys: Keys, salt: int) -> FloatArray:
    """A number in [0, 1) that an applicant's key draws: the same on any partition.

    Source: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    """
    mixed = keys.view(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    drawn: FloatArray = (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
    return drawn


def _mapped(path: Path) -> Any:
    """An array of a file, mapped at once and not page by page, which takes as long as a pass."""
    with path.open("r+b") as file:
        version = np.lib.format.read_magic(file)
        shape, _, kind = _HEADERS[version](file)
        start = file.tell()
        if not np.prod(shape):
            return np.zeros(shape, kind)
        # shared, though nobody writes: a private map that can be written to is copied
        mapped = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_SHARED | _AT_ONCE)
    return np.frombuffer(mapped, kind, offset=start).reshape(shape)

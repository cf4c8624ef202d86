"""One pass that tells whose best treatment no price nearby changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from equipoise.balance import kernels
from equipoise.balance.blocks import BLOCK, EVERYBODY, Blocks
from equipoise.balance.problem import Choice, Problem
from equipoise.balance.sums import Sums
from equipoise.numeric.arrays import FloatArray


def undecided(
    blocks: Blocks, prices: FloatArray, errors: FloatArray
) -> tuple[NDArray[np.intp], Choice, list[FloatArray]]:
    """Who is undecided in the ellipsoid `errors` around prices, and everybody's best treatment.

    Also what the decided are worth and use of each row, with what rounding left over, (2, 1 + rows)
    per block: summed so, neither blocks nor partitions show in the whole.
    """
    choice = np.empty(blocks.applicants, dtype=np.intp)
    near = np.empty(blocks.applicants, dtype=np.bool_)
    box = np.linalg.norm(errors, axis=1) / blocks.scale

    def work(start: int, stop: int) -> FloatArray:
        scores = blocks.scores(prices, start, stop)
        chosen = choice[start:stop]
        kernels.best_treatments(scores, chosen)
        reach = np.zeros_like(scores)
        for usage in blocks.usages:
            price = usage.price(box, start, stop)
            if price is not None:
                widen = kernels.widen if usage.array.ndim == 2 else kernels.widen_treatments
                widen(reach, usage.block(start, stop), price, chosen)
        who, rival, short = _rivals(scores, reach, chosen)
        used = blocks.entries(start, stop, who, rival)
        used -= blocks.entries(start, stop, who, chosen[who])
        undecided = near[start:stop]
        undecided[:] = False
        undecided[who[np.linalg.norm(used @ errors, axis=1) >= short]] = True
        return _given(blocks, start, chosen, ~undecided)

    parts = blocks.over_blocks(work)
    return np.flatnonzero(near), choice, parts


def best_whole(problem: Problem, prices: FloatArray) -> tuple[Choice, Sums]:
    """Everybody's best treatment at these prices, and the sum of their scores, (1,)."""
    rows = len(problem.rows)
    blocks = Blocks(problem, np.ones(rows), np.ones(problem.shape[0]), 1, BLOCK)
    choice = np.empty(blocks.applicants, dtype=np.intp)

    def work(start: int, stop: int) -> FloatArray:
        scores = blocks.scores(prices, start, stop)
        return np.array([kernels.best_whole(scores, choice[start:stop])]).T

    return choice, Sums.of([Sums(high, low) for high, low in blocks.over_blocks(work)])


def _rivals(
    scores: FloatArray, reach: FloatArray, choice: Choice
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Treatments that could come up to the chosen one, and how far each is below it."""
    who, treatment = np.empty(scores.size, np.int64), np.empty(scores.size, np.int64)
    short = np.empty(scores.size)
    count = kernels.rivals(scores, reach, choice, who, treatment, short)
    return who[:count], treatment[:count], short[:count]


def _given(blocks: Blocks, start: int, choice: Choice, settled: NDArray[np.bool_]) -> FloatArray:
    """What the settled applicants of a block are worth, and use of each row: (2, 1 + rows)."""
    stop = start + choice.size
    given = np.zeros((2, 1 + blocks.rows))
    given[:, 0] = kernels.taken_whole(blocks.value_block(start, stop), choice, settled)
    for row, block, where in _rows(blocks, start, stop):
        concerned = settled & where if where.size else settled
        given[:, 1 + row] = kernels.taken_whole(block, choice, concerned)
    return given


def _rows(
    blocks: Blocks, start: int, stop: int
) -> Iterator[tuple[int, FloatArray, NDArray[np.bool_]]]:
    for usage in blocks.usages:
        block = np.atleast_2d(usage.block(start, stop))
        for row, mask in zip(usage.rows, usage.masks, strict=True):
            yield row, block, mask[start:stop] if mask.size else EVERYBODY

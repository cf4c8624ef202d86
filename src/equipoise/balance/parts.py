"""Parts of a problem: some of its applicants, and several parts as one."""

from __future__ import annotations

import numpy as np

from equipoise.balance.problem import Problem, Row
from equipoise.numeric.arrays import Array, BoolArray, FloatArray


def part_of(problem: Problem, who: Array, at_most: FloatArray) -> Problem:
    """Some of the applicants, under other limits; rows that nobody's treatment moves are left 0."""
    taken: dict[int, Array] = {}
    rows = []
    for row, limit in zip(problem.rows, at_most.tolist(), strict=True):
        usage = row.usage
        if usage.shape == (problem.shape[0],) and problem.shape[0] != problem.shape[1]:
            usage = np.zeros(problem.shape[1])  # the same whatever is chosen: not theirs to change
        elif usage.ndim == 2:
            usage = taken.setdefault(id(usage), usage[who])
        rows.append(Row(row.name, usage, limit, None if row.where is None else row.where[who]))
    allowed = problem.allowed
    return Problem(
        problem.value[who], rows, allowed if allowed is None or allowed.ndim == 1 else allowed[who]
    )


def joined(problems: list[Problem]) -> Problem:
    """The applicants of several problems in order, under their common rows."""
    first = problems[0]
    shared: dict[int, Array] = {}
    rows = []
    for m, row in enumerate(first.rows):
        usage = row.usage
        if usage.shape[0] == first.shape[0] and usage.shape != (first.shape[1],):
            usage = shared.get(id(row.usage), np.zeros(0))
            if not usage.size:
                usage = np.concatenate([problem.rows[m].usage for problem in problems])
                shared[id(row.usage)] = usage
        where = row.where
        if where is not None:
            where = np.concatenate([_mask(problem.rows[m], problem) for problem in problems])
        rows.append(Row(row.name, usage, row.at_most, where))
    allowed = first.allowed
    if allowed is not None and allowed.ndim == 2:
        allowed = np.concatenate(
            [np.broadcast_to(_allowed(problem), problem.shape) for problem in problems]
        )
    return Problem(np.concatenate([problem.value for problem in problems]), rows, allowed)


def _mask(row: Row, problem: Problem) -> BoolArray:
    return np.ones(problem.shape[0], dtype=np.bool_) if row.where is None else row.where


def _allowed(problem: Problem) -> BoolArray:
    return np.ones(1, dtype=np.bool_) if problem.allowed is None else problem.allowed

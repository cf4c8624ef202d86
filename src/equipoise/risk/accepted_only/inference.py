"""PDs of everybody by several readings of those who were not booked; the base PD stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.risk.accepted_only.selection import pd_if_not_booked
from equipoise.risk.scorecard_fit import ScorecardOptions, fit_scorecard

BANDS = 10
FEW = 50
LEAST_PD = 1e-6


@dataclass(frozen=True, slots=True)
class Inferred:
    """One reading: its name, what it assumes, and a PD for everybody, (n,)."""

    name: str
    assumes: str
    pd: FloatArray


@dataclass(frozen=True, slots=True)
class _People:
    frame: pl.DataFrame
    bad: BoolArray
    known: BoolArray
    booked: BoolArray
    pd: FloatArray
    directions: Mapping[str, int]


def inferred_pds(
    frame: pl.DataFrame,
    bad: BoolArray,
    known: BoolArray,
    booked: BoolArray,
    pd: FloatArray,
    *,
    multiple: float,
    correlations: tuple[float, ...],
    directions: Mapping[str, int],
) -> list[Inferred]:
    """Readings by fuzzy augmentation, parcelling and selection at each of `correlations`.

    `frame` holds the model's features, `pd` the base PD (finite), `known` whose outcome `bad` is
    known and `booked` who was booked; all (n,). `multiple` is how many times as often loans that
    were not booked go bad as booked ones of their score band. Augmentation moves each PD by what
    it does to a scorecard's log-odds (Siddiqi 2017, chapter 9; Crook and Banasik 2004). Raises
    BadInput where fewer than 50 were not booked.
    """
    if int((~booked).sum()) < FEW:
        raise BadInput(
            f"{int((~booked).sum()):,} applications were not booked: too few to infer from",
            field="accepted_only.booked",
            mend="keep rows without an outcome (`missing: allow` on the target), or check `booked`",
        )
    people = _People(frame, bad, known, booked, pd, directions)
    as_base = pd.copy()
    parcelled = _parcelled(people, multiple)
    readings = [
        Inferred("fuzzy augmentation", "go bad as booked ones like them", _moved(people, as_base)),
        Inferred(
            "parcelling",
            f"go bad {multiple:g} times as often as booked ones of their score band",
            _moved(people, parcelled),
        ),
    ]
    chance = _chance_of_booking(people)
    for rho in correlations:
        other = np.where(booked, pd, pd_if_not_booked(pd, chance, rho))
        words = f"unseen reasons for booking and default correlate by {rho:g}"
        readings.append(Inferred(f"selection, rho {rho:g}", words, _inside(other)))
    return readings


def _inside(pd: FloatArray) -> FloatArray:
    return np.clip(pd, LEAST_PD, 1 - LEAST_PD)


def _options(people: _People) -> ScorecardOptions:
    return ScorecardOptions(directions=people.directions)


def _parcelled(people: _People, multiple: float) -> FloatArray:
    """The bad rate of each row's score band among the known, times the multiple, at most 1."""
    edges = np.unique(np.quantile(people.pd[people.known], np.linspace(0, 1, BANDS + 1)[1:-1]))
    band = np.searchsorted(edges, people.pd, side="right")
    rows = np.bincount(band[people.known], minlength=edges.size + 1)
    bads = np.bincount(band[people.known], weights=people.bad[people.known], minlength=rows.size)
    rate = (bads + 0.5) / (rows + 1)
    # within a band the PD goes on from one applicant to the next; its level is the band's
    means = np.bincount(band[people.known], weights=people.pd[people.known], minlength=rows.size)
    level = rate / np.maximum(means / np.maximum(rows, 1), LEAST_PD)
    return np.asarray(_inside(people.pd * level[band] * multiple))


def _moved(people: _People, rejected_pd: FloatArray) -> FloatArray:
    """The base PD moved by what a card learns when those not booked are added at `rejected_pd`."""
    known, left = np.flatnonzero(people.known), np.flatnonzero(~people.booked)
    alone = fit_scorecard(people.frame[known], people.bad[known], _options(people)).card
    rows = np.concatenate([known, left, left])
    bad = np.concatenate([people.bad[known], np.ones(left.size, bool), np.zeros(left.size, bool)])
    share = rejected_pd[left]
    # booked loans whose outcome is still open are stood for by those whose outcome is known
    stands_for = people.booked.sum() / known.size
    weight = np.concatenate([np.full(known.size, stands_for), share, 1 - share])
    everybody = fit_scorecard(people.frame[rows], bad, _options(people), weight=weight).card
    before, after = (
        logit(_inside(card.pd_frame(people.frame).to_numpy())) for card in (alone, everybody)
    )
    moved = expit(logit(_inside(people.pd)) + after - before)
    return _inside(np.where(np.isfinite(moved), moved, people.pd))


def _chance_of_booking(people: _People) -> FloatArray:
    """P(booked | facts) by a scorecard of who was left out."""
    options = ScorecardOptions(min_information_value=0.0)
    card = fit_scorecard(people.frame, ~people.booked, options).card
    return np.asarray(1 - np.nan_to_num(card.pd_frame(people.frame).to_numpy(), nan=0.5))

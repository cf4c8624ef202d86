from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument
from equipoise.experience.acceptance import acceptance_by_band, acceptance_slope, answered, offers
from equipoise.experience.log import prepare

LogOf = Callable[..., pl.DataFrame]
DocumentOf = Callable[..., ExperienceDocument]


def planted(n: int, seed: int) -> list[object]:
    """Acceptance with log-odds 0.8 - 0.15 per day to the offer; a tenth declined, some open."""
    rng = np.random.default_rng(seed)
    rows: list[object] = []
    for case in range(n):
        wait = rng.exponential(4)
        taken = rng.random() < 1 / (1 + np.exp(-(0.8 - 0.15 * wait)))
        end = "grant" if taken else "cancel"
        draw = rng.random()
        end = "refuse" if draw < 0.1 else end
        rows += [(str(case), "apply", "complete", 0, None)]
        rows += [(str(case), "offer", "complete", 24 * wait, None)]
        rows += [(str(case), "sign", "complete", 24 * wait + 24, None)]
        if draw < 0.95:
            rows += [(str(case), end, "complete", 24 * wait + 48, None)]
    return rows


def test_the_planted_slope_is_recovered(log_of: LogOf, document_of: DocumentOf) -> None:
    table = offers(prepare(document_of(), log_of(planted(6000, 1))))
    known = answered(table)
    slope = acceptance_slope(
        known["days_to_offer"].to_numpy(), (known["outcome"] == "accepted").to_numpy(), "planted"
    )
    assert slope.per_day.low <= -0.15 <= slope.per_day.high
    assert slope.intercept.low <= 0.8 <= slope.intercept.high
    assert slope.per_day.provenance == "measured"
    assert str(slope.n) in slope.per_day.source
    assert slope.n < table.height


def test_bands_count_every_offer_once(log_of: LogOf, document_of: DocumentOf) -> None:
    table = offers(prepare(document_of(), log_of(planted(500, 2))))
    bands = acceptance_by_band(table, "days_to_offer", [0, 1, 3, 100])
    assert sum(band.offers for band in bands) == 500
    for band in bands:
        assert band.offers == band.accepted + band.cancelled + band.declined + band.open
        assert band.low <= band.share <= band.high
    assert bands[0].share > bands[-1].share


def test_waiting_is_measured_on_either_side_of_the_offer(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    rows = [
        ("1", "apply", "complete", 0, None), ("1", "offer", "complete", 24, None),
        ("1", "offer", "complete", 48, None), ("1", "sign", "complete", 96, None),
        ("1", "grant", "complete", 120, None), ("2", "cancel", "complete", 1, None),
        ("3", "refuse", "complete", 1, None),
    ]  # fmt: skip
    row = offers(prepare(document_of(), log_of(rows))).row(0, named=True)
    assert row == {
        "case": "1", "offers": 2, "outcome": "accepted", "days_to_offer": 1.0,
        "days_to_return": 3.0, "days_to_end": 4.0, "days_from_return": 1.0,
    }  # fmt: skip


def test_a_log_without_offer_activities_is_refused(log_of: LogOf, document_of: DocumentOf) -> None:
    log = dict(document_of().log.model_dump(), offer=None)
    with pytest.raises(BadInput, match="names no offer activities"):
        offers(prepare(document_of(log=log), log_of(planted(50, 3))))


def test_bpi_2012_has_5015_offers_of_which_2243_record_an_acceptance(
    bpi_document: ExperienceDocument, bpi_events: pl.DataFrame
) -> None:
    log = prepare(bpi_document, bpi_events)
    table = offers(log)
    assert table.height == 5_015
    assert log.complete("O_ACCEPTED")["case"].n_unique() == 2_243
    assert table["days_to_return"].drop_nulls().len() == 3_254
    # three cases were granted without O_ACCEPTED
    assert table.filter(pl.col("outcome") == "accepted").height == 2_246

"""A run comes in blocks: each can be made without the others, and together they are the run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq
import pytest

from equipoise.errors import BadInput
from equipoise.simulation import Lender, blocks_in, simulate, simulate_block, write_lender
from equipoise.simulation.streams import BLOCK
from equipoise.simulation.write import FRAMES

# Of the frames as CSV, of the run that was made before there were blocks: 131,072 applicants, seed
# 7. To six digits, as the last ones of an exponential are not the same on every processor; none of
# these numbers lies nearer than 1e-13 of itself to where another six digits begin.
BEFORE = {
    "applications.parquet": "e8a72e610343ce1a",
    "events.parquet": "6cb9cbb3339b8c77",
    "performance.parquet": "f87823bc9b455c86",
    "truth.parquet": "c6445250895c9842",
}
APPLICANTS, SEED = BLOCK + 3000, 7


@pytest.fixture(scope="module")
def whole() -> Lender:
    return simulate(APPLICANTS, SEED)


@pytest.fixture(scope="module")
def blocks() -> list[Lender]:
    return [simulate_block(number, APPLICANTS, SEED) for number in range(2)]


@pytest.mark.parametrize("name", FRAMES)
def test_the_first_block_is_what_it_was_before_there_were_blocks(
    blocks: list[Lender], name: str
) -> None:
    frame = FRAMES[name](blocks[0])
    frame = frame.drop("payslip", "income_arrives", strict=False)  # they came since
    text = frame.with_columns(cs.float().round_sig_figs(6)).write_csv()
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == BEFORE[name]


@pytest.mark.parametrize("name", FRAMES)
def test_the_blocks_are_the_run(whole: Lender, blocks: list[Lender], name: str) -> None:
    frame = FRAMES[name]
    assert pl.concat([frame(each) for each in blocks]).equals(frame(whole))


@pytest.mark.parametrize("name", FRAMES)
def test_the_files_hold_the_run_one_row_group_a_block(
    whole: Lender, name: str, tmp_path: Path
) -> None:
    write_lender(tmp_path, APPLICANTS, SEED)
    assert pl.read_parquet(tmp_path / name).equals(FRAMES[name](whole))
    groups = pq.ParquetFile(tmp_path / name).num_row_groups
    assert groups == (1 if name == "events.parquet" else 2)


def test_a_block_may_be_cut_short_and_begins_the_same(blocks: list[Lender]) -> None:
    shorter = simulate_block(1, BLOCK + 17, SEED)
    assert shorter.applications().equals(blocks[1].applications().head(17))
    longer = simulate_block(1, 5 * BLOCK, SEED)
    assert longer.applications().head(3000).equals(blocks[1].applications())


def test_no_two_blocks_are_alike(blocks: list[Lender]) -> None:
    first, second = (each.known_truth().head(3000) for each in blocks)
    assert not set(first["log_odds"]) & set(second["log_odds"])
    assert not set(first["application_id"]) & set(second["application_id"])


def test_a_block_far_away_needs_none_before_it() -> None:
    far = simulate_block(10_000, 10_000 * BLOCK + 2, SEED)
    assert far.applications()["application_id"].to_list() == ["A1310720001", "A1310720002"]
    assert far.events().height == 0


def test_a_block_that_the_run_has_not_is_refused() -> None:
    assert blocks_in(APPLICANTS) == 2
    with pytest.raises(BadInput, match="has no block 2"):
        simulate_block(2, APPLICANTS, SEED)

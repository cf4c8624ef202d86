"""One small synthetic lender for all tests of the room."""

from __future__ import annotations

import polars as pl
import pytest

from equipoise.simulation import Lender, Parameters, read_parameters, simulate

APPLICANTS = 20_000


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    return read_parameters()


@pytest.fixture(scope="session")
def lender() -> Lender:
    return simulate(APPLICANTS, seed=7)


@pytest.fixture(scope="session")
def applications(lender: Lender) -> pl.DataFrame:
    return lender.applications()

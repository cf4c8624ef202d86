"""The error that inputs measured on samples leave in a policy's loss, against algebra by hand."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from equipoise.balance.input_error import spread_of_inputs
from equipoise.documents import Quantity

Z = 1.959963984540054


@dataclass(frozen=True)
class Losses:
    """A lender whose loss is lgd^2 x share / passed, the same for everybody."""

    lgd: float = 0.6
    share: float = 0.1
    passed: float = 0.8

    def replaced(self, values):
        return replace(self, **values)

    def of_choice(self, people, chosen):
        return self.lgd**2 * self.share / self.passed


class People:
    size = 100

    def rows(self, rows):
        return self


def of_sample(value, error):
    return Quantity(
        value=value, low=value - Z * error, high=value + Z * error,
        provenance="measured", source="a sample",
    )  # fmt: skip


def spread(ranges):
    return spread_of_inputs(Losses(), People(), np.zeros(100, dtype=int), ranges, lambda loss: loss)


def test_independent_errors_add_in_squares_each_by_its_slope():
    result = spread({"lgd": of_sample(0.6, 0.012), "share": of_sample(0.1, 0.003)})
    # d ln(lgd^2) = 2 x 2 %, d ln(share) = 3 %
    assert result == pytest.approx(np.hypot(0.04, 0.03), rel=1e-9)


def test_what_is_assumed_is_no_sample_and_what_has_no_range_no_error():
    assumed = of_sample(0.6, 0.012).model_copy(update={"provenance": "assumed"})
    certain = Quantity(value=0.1, provenance="measured", source="counted")
    assert spread({"lgd": assumed, "share": certain}) == 0


def test_a_policy_without_loss_has_no_error():
    assert spread_of_inputs(Losses(lgd=0.0), People(), np.zeros(100, dtype=int),
                            {"share": of_sample(0.1, 0.01)}, lambda loss: loss) == 0  # fmt: skip

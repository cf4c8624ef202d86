"""The benchmark of rankings in short: a lender of another seed than the benchmark's, and small."""

import json

import numpy as np
import pytest
from benchmarks.bench_learning import SEEDS, TRUTHS, VARIOUS, WAY, followed, results
from benchmarks.learning_lenders import lender
from benchmarks.learning_worlds import found

from equipoise.documents import Quantity
from equipoise.review.learning import Prior
from equipoise.review.learning.experiments import Flow, Seen, counted, share_error

OTHER = 905


@pytest.mark.slow
def test_following_the_ranking_goes_most_of_the_way_to_the_best_three():
    assert OTHER not in (*SEEDS, *VARIOUS)
    one = followed(OTHER, applicants=1_200, count=128)
    assert one.best <= one.ranked < one.random < one.before
    assert one.way >= WAY
    assert one.error < 0.05
    assert results([one], "of a test")[-1].met


def test_what_is_true_of_each_lender_is_what_was_written_down_before():
    written = json.loads(TRUTHS.read_text(encoding="utf-8"))
    assert list(written) == [str(seed) for seed in (*SEEDS, *VARIOUS)]
    truth = lender(SEEDS[0], applicants=200).truth
    assert written[str(SEEDS[0])] == pytest.approx(truth, rel=1e-8)


def test_a_finding_covers_what_is_true_and_a_vague_one_leaves_the_range():
    prior = Prior("checks.a.drop_off", Quantity(value=0.2, low=0.1, high=0.4))
    seen = Seen(0.2, 0.275, observed=1.0, after=0, error=share_error(0.2))
    experiment = counted("count", seen, Flow(per_day=100))
    findings = [found(prior, experiment, 0.3, (seed, 0)) for seed in range(400)]
    covered = np.mean([each.low <= 0.3 <= each.high for each in findings])
    assert covered == pytest.approx(0.95, abs=0.03)
    vague = counted("count", Seen(0.2, 0.3, 1.0, 0, share_error(0.2)), Flow(per_day=0.01))
    assert found(prior, vague, 0.3, (1, 0)) == prior.declared
    assert found(prior, None, 0.3, (1, 0)) == prior.declared

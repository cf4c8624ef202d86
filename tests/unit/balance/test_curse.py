"""The optimiser's curse: present where estimates are noisy, absent where they are calibrated."""

import numpy as np

from equipoise.balance.curse import measure_curse


def loans(n=40_000, seed=0):
    rng = np.random.default_rng(seed)
    pd = rng.beta(2, 20, n)
    return rng, pd, (rng.random(n) < pd).astype(float)


def test_calibrated_pds_show_no_curse_and_the_budget_keeps_a_margin_for_chance():
    _, pd, bad = loans()
    result = measure_curse(pd, bad, np.where(pd < 0.08, 1.0, 0.0))
    assert abs(result.ratio - 1) < 0.06
    assert result.ratio < result.upper
    assert result.tightening >= 1


def test_choosing_by_noisy_pds_is_found_out():
    rng, pd, bad = loans()
    noisy = np.clip(pd * np.exp(0.6 * rng.standard_normal(pd.size) - 0.18), 1e-4, 0.9)
    result = measure_curse(noisy, bad, np.where(noisy < 0.06, 1.0, 0.0))
    assert result.ratio > 1.1


def test_young_and_declined_loans_say_nothing():
    _, pd, bad = loans()
    unknown = np.where(np.arange(pd.size) % 2, np.nan, bad)
    result = measure_curse(pd, unknown, np.ones(pd.size))
    assert result.outcomes == pd.size // 2


def test_too_few_defaults_tighten_nothing_and_say_so():
    result = measure_curse(np.full(50, 0.1), np.zeros(50), np.ones(50))
    assert result.tightening == 1
    assert "too few" in result.note


def test_a_declared_level_does_not_pass_for_a_curse():
    rng, pd, bad = loans(200_000)
    # half of the good loans never reached the file: its bad share is inflated, the PDs are not
    kept = (bad == 1) | (rng.random(pd.size) < 0.5)
    weight = np.ones(int(kept.sum()))
    plain = measure_curse(pd[kept], bad[kept], weight)
    levelled = measure_curse(pd[kept], bad[kept], weight, float(pd.mean()))
    assert plain.ratio > 1.5
    assert abs(levelled.ratio - 1) < 0.05


def test_errors_of_other_inputs_widen_the_margin_and_leave_the_estimate():
    _, pd, bad = loans()
    alone, wider = (measure_curse(pd, bad, np.ones(pd.size), inputs=each) for each in (0.0, 0.05))
    assert wider.ratio == alone.ratio
    apart = (wider.upper - wider.ratio) ** 2 - (alone.upper - alone.ratio) ** 2
    assert np.isclose(apart, (1.6448536 * 0.05) ** 2)

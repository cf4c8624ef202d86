"""The solver beside HiGHS on generated lending problems of 20 treatments and 10 rows."""

from __future__ import annotations

import numpy as np

from equipoise.balance.problem import Problem, Row

TREATMENTS = 20  # decline, 3 prices x 3 amounts x 2 journeys, refer to an underwriter


def lending_problem(applicants: int, seed: int = 1) -> Problem:
    """Loss, capital, underwriters, approvals, four sectors and parity both ways."""
    rng = np.random.default_rng(seed)
    group = rng.random(applicants) < 0.3
    sector = rng.integers(0, 10, applicants)
    pd = 1 / (1 + np.exp(-(rng.normal(-3.3, 1.1, applicants) + 0.3 * group)))[:, None]
    lgd = rng.uniform(0.35, 0.8, applicants)[:, None]
    asked = np.exp(rng.normal(2.2, 0.7, applicants))[:, None]
    keenness = rng.normal(2.0, 0.8, applicants)[:, None]
    elasticity = rng.uniform(6, 20, applicants)[:, None]

    menu = [
        (apr, share, fast) for apr in (0.09, 0.14, 0.2) for share in (0.5, 1, 2) for fast in (0, 1)
    ]
    apr, share, journey = np.array([*menu, (0.14, 1, 2)]).T
    journey = journey.astype(int)
    completion = 1 - np.array([0.06, 0.2, 0.3])[journey]
    riskier = np.array([1.15, 1.0, 0.8])[journey]
    work = np.array([0.01, 0.03, 0.15])[journey]

    take_up = completion / (1 + np.exp(-(keenness - elasticity * apr + 0.5 * np.log(share))))
    exposure = take_up * share * asked
    pd_at_terms = np.minimum(pd * riskier * (1 + 2 * (apr - 0.09)), 0.9)
    loss = exposure * pd_at_terms * lgd
    capital = exposure * (0.05 + 0.1 * np.sqrt(pd_at_terms))
    value = exposure * (apr - 0.04) * 1.8 - loss - 0.1 * capital - work

    def with_decline(table: np.ndarray, decline: float = 0.0) -> np.ndarray:
        return np.hstack([np.full((applicants, 1), decline), table]).astype(np.float32)

    value, loss, capital, exposure = (
        with_decline(table, decline)
        for table, decline in ((value, -0.05), (loss, 0.0), (capital, 0.0), (exposure, 0.0))
    )
    approved = np.r_[0.0, np.ones(TREATMENTS - 1)]
    referred = np.r_[np.zeros(TREATMENTS - 1), 0.5]
    side = np.where(group, 1 / group.mean(), -1 / (~group).mean())
    parity = (side[:, None] * approved).astype(np.float32)

    free = value.argmax(axis=1)
    at = np.arange(applicants), free
    sectors = [sector == s for s in range(4)]
    rows = [
        Row("loss", loss, 0.65 * loss[at].sum(dtype=float)),
        Row("capital", capital, 0.8 * capital[at].sum(dtype=float)),
        Row("underwriter hours", referred, max(0.5 * referred[free].sum(), 0.002 * applicants)),
        Row("approvals", -approved, -0.92 * approved[free].sum()),
        *(
            Row(f"sector {s}", exposure, 0.7 * exposure[at][mask].sum(dtype=float), where=mask)
            for s, mask in enumerate(sectors)
        ),
        Row("parity", parity, 0.02 * applicants),
        Row("parity, other way", -parity, 0.02 * applicants),
    ]
    return Problem(value, rows)

"""What to assume where a lender has no data, each with its published source and its range.

No public randomised estimate of the take-up lost per verification step was found, so every
drop-off here is an assumption built from surveys and from vendors' funnel figures.
"""

from __future__ import annotations

import math

from equipoise.documents import Quantity

ELASTICITY = Quantity(
    value=-1.9,
    low=-2.9,
    high=-1.1,
    provenance="assumed",
    source="Karlan & Zinman, CEPR DP9503: elasticity of dollars borrowed -1.9 over 29 months "
    "(-1.1 in year 1, -2.9 in year 3), randomised rates in 80 regions of Mexico",
)

# Signicat Battle to Onboard 2022: mean time at abandonment 18 min 53 s
_MINUTES_AT_ABANDONMENT = 18 + 53 / 60


def price_response(reference_apr: float, take_up: float = 0.5) -> Quantity:
    """The logit's price coefficient (log-odds per 1.00 of APR) that has the published elasticity.

    For t = sigmoid(... + price * r) the elasticity of take-up is dln t / dln r =
    price * r * (1 - t). Solved for price at the reference APR r and its take-up t:
    price = elasticity / (r * (1 - t)). At r = 0.12, t = 0.5: -1.9 / 0.06 = -31.7, so one
    point of APR lowers the log-odds by 0.32. The elasticity was measured at far higher rates:
    carrying it to another level is an assumption.
    """
    scale = reference_apr * (1 - take_up)
    assert ELASTICITY.low is not None and ELASTICITY.high is not None  # noqa: S101
    return Quantity(
        value=round(ELASTICITY.value / scale, 2),
        low=round(ELASTICITY.low / scale, 2),
        high=round(ELASTICITY.high / scale, 2),
        provenance="assumed",
        source=f"{ELASTICITY.source}; as a logit slope at APR {reference_apr:g} "
        f"and take-up {take_up:g}",
        unit="log-odds per 1.00 of APR",
    )


def drop_off_after(minutes: float) -> Quantity:
    """Share who leave a step that takes so many minutes, at a constant hazard per minute.

    If a share a abandons a journey by the mean time at abandonment of 18.9 minutes, the hazard
    is -ln(1 - a) / 18.9 per minute: 0.0105 at a = 18 % (banks, Capgemini), 0.037 at 50 %
    (digital account applications, Financial Brand), 0.058 at two thirds (credit-union loan
    portals, Clutch, a vendor). The drop-off of a step is 1 - exp(-hazard * minutes).
    """
    low, value, high = (
        round(-math.expm1(math.log1p(-share) * minutes / _MINUTES_AT_ABANDONMENT), 4)
        for share in (0.18, 0.50, 2 / 3)
    )
    return Quantity(
        value=value,
        low=low,
        high=high,
        provenance="assumed",
        source="no randomised estimate per step is public; constant hazard per minute from "
        "Signicat Battle to Onboard 2022 (mean time at abandonment 18 min 53 s) with abandonment "
        "18 % (Capgemini) to 67 % (Clutch), middle 50 % (Financial Brand)",
        unit="share of those who reach the step",
    )


HAZARD_PER_DAY = Quantity(
    value=0.01,
    low=0.0,
    high=0.03,
    provenance="assumed",
    source="no published estimate found; of the order seen in the public log BPI Challenge 2012",
    unit="per day",
)

ACCEPTANCE_PER_DAY = Quantity(
    value=-0.026,
    low=-0.05,
    high=0.0,
    provenance="assumed",
    source="McKinsey 2018, The lending revolution: decisions in under 10 minutes instead of 20 "
    "days raised the win rate by a third; from 3/8 to 1/2 the log-odds rise by 0.51, over 20 days",
    unit="log-odds per day",
)

TAKE_UP_INTERCEPT = Quantity(
    value=0.31,
    low=-0.5,
    high=1.1,
    provenance="assumed",
    source="public log BPI Challenge 2012: 2,243 of 3,883 offers that the customer answered or "
    "let lapse were taken, log-odds 0.31; range from 38 % to 75 % taken",
    unit="log-odds",
)

TAKE_UP_AMOUNT = Quantity(
    value=1.0,
    low=0.5,
    high=2.0,
    provenance="assumed",
    source="no published estimate found: half the amount asked for lowers the odds by half",
    unit="log-odds per ln(offered / asked)",
)

TAKE_UP_RISK = Quantity(
    value=0.0,
    low=0.0,
    high=0.1,
    provenance="assumed",
    source="Phillips, Pricing Credit Products: riskier borrowers tend to be less price-sensitive; "
    "no size published",
    unit="log-odds per log-odds of default",
)

CHECK_SENSITIVITY = Quantity(
    value=0.3,
    low=0.1,
    high=0.5,
    provenance="assumed",
    source="no published estimate found: measure it on results that are not acted upon",
    unit="share of future defaulters stopped",
)

CHECK_FALSE_ALARM = Quantity(
    value=0.05,
    low=0.02,
    high=0.10,
    provenance="assumed",
    source="no published estimate found: measure it on results that are not acted upon",
    unit="share of good payers stopped",
)

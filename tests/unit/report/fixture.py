"""A realistic fit and balance of an invented lender, as the two commands would write them."""

from __future__ import annotations

import math
from typing import Any

from equipoise.balance.result_document import BalanceResult
from equipoise.report import render
from equipoise.report.story import Labels, Story
from equipoise.risk.fit_result import FitResult

APPLICANTS = 60_000
MONTHS = [f"2018-{month:02d}" for month in range(1, 13)]
COMMANDS = [
    "equipoise new harbour --example demo",
    "equipoise check harbour",
    "equipoise fit harbour",
    "equipoise balance harbour",
    "equipoise report harbour",
]


def drawn(
    fit: dict[str, Any],
    balance: dict[str, Any],
    name: str = "Harbour Lending",
    language: str = "en",
    **besides: Any,
) -> str:
    """The report's page of two results as their files hold them."""
    results = FitResult.model_validate(fit), BalanceResult.model_validate(balance)
    return render(
        *results,
        besides.get("commands", COMMANDS),
        name,
        language,
        labels=besides.get("labels", Labels()),
        learning=besides.get("learning"),
    )


def story_of(
    balance: dict[str, Any], fit: dict[str, Any] | None = None, name: str = "Harbour Lending"
) -> Story:
    of_fit = None if fit is None else FitResult.model_validate(fit)
    return Story.of(BalanceResult.model_validate(balance), name, of_fit, COMMANDS)


def measures(loss_rate: float, good: float, profit: float, hours: float) -> dict[str, float]:
    exposure = good * APPLICANTS / 100 * 12_400
    return {
        "expected_loss_rate": loss_rate,
        "good_customers_served_per_hundred": good,
        "good_customers_served": good * APPLICANTS / 100,
        "profit": profit,
        "expected_loss": exposure * loss_rate,
        "exposure": exposure,
        "average_price": 0.1287,
        "underwriter_hours": hours,
        "customer_surplus": good * 41_000,
        "approvals": 0.9 * APPLICANTS,
        "booked": good * APPLICANTS / 94,
        "capital": exposure * 0.0684,
    }


def frontier() -> list[dict[str, Any]]:
    points = []
    for i in range(18):
        x = 0.016 + 0.0014 * i
        y = 52.5 * (1 - math.exp(-(x - 0.002) / 0.0145))
        points.append(
            {
                "x": x,
                "y": y,
                "lower": y,
                "upper": y * 1.00004,
                "multipliers": {"expected loss rate": 312.4 - 9 * i},
                "gap": 4.1e-5,
                "violation": 0.0,
                "finished": True,
                "measures": measures(x, y, 5.1e6 + 4e4 * i, 2_180 + 8 * i),
            }
        )
    return points


def balance() -> dict[str, Any]:
    return {
        "format": 1,
        "workspace": "harbour",
        "currency": "USD",
        "applicants": APPLICANTS,
        "seconds": 21.4,
        "axes": {
            "x": {
                "measure": "expected_loss_rate",
                "label": "Expected loss rate",
                "unit": "share",
                "better": "lower",
            },
            "y": {
                "measure": "good_customers_served_per_hundred",
                "label": "Good customers served",
                "unit": "per 100 applicants",
                "better": "higher",
            },
        },
        "certificate": {
            "gap": 4.1e-5,
            "violation": 2.3e-16,
            "bound": 25_436.0,
            "value": 25_435.0,
            "frontier_gap": 4.1e-5,
            "frontier_violation": 2.3e-16,
            "sandwich": 1e-4,
        },
        "champion": {
            "x": 0.0261,
            "y": 38.42,
            "measures": measures(0.0261, 38.42, 5_310_000.0, 2_410.0),
            "assumed": ["today", "apr", "monthly_income"],
        },
        "recommended": {
            "chosen": "same_risk",
            "same_risk": {
                "x": 0.0259,
                "y": 42.39,
                "measures": measures(0.0259, 42.39, 5_742_000.0, 2_296.0),
                "multipliers": {"expected loss": 1.31, "underwriter hours": 41.2},
                "gap": 4.1e-5,
                "violation": 0.0,
                "finished": True,
            },
            "same_experience": {
                "x": 0.0211,
                "y": 38.45,
                "measures": measures(0.0211, 38.45, 5_604_000.0, 2_205.0),
                "multipliers": {"expected loss": 1.92},
                "gap": 3.8e-5,
                "violation": 0.0,
                "finished": True,
            },
        },
        "frontier": frontier(),
        "shadow_prices": [
            {
                "row": "expected loss",
                "at_most": 7_716_000.0,
                "used": 7_715_880.0,
                "price": 1.31,
                "unit": "USD",
                "reading": "one more USD of expected loss would earn USD 1.31",
            },
            {
                "row": "underwriter hours a month",
                "at_most": 2_410.0,
                "used": 2_410.0,
                "price": 41.2,
                "unit": "hours",
                "reading": "one more underwriter hour a month would earn 41",
            },
            {
                "row": "average price no higher than today",
                "at_most": 0.1287,
                "used": 0.1287,
                "price": 913_000.0,
                "unit": "share",
                "reading": "",
            },
            {
                "row": "amount lent",
                "at_most": 400_000_000.0,
                "used": 315_380_000.0,
                "price": 0.0,
                "unit": "USD",
                "reading": "",
            },
        ],
        "treatments": [
            {"name": "fast track, 9.9 %", "label": "", "today": 6_120, "recommended": 13_480},
            {"name": "standard, 12.9 %", "label": "", "today": 21_900, "recommended": 18_240},
            {
                "name": "standard, 12.9 %, smaller amount",
                "label": "",
                "today": 0,
                "recommended": 4_410,
            },
            {"name": "income check, 15.9 %", "label": "", "today": 9_870, "recommended": 6_930},
            {"name": "refer to an underwriter", "label": "", "today": 5_110, "recommended": 3_260},
            {"name": "decline", "label": "", "today": 17_000, "recommended": 13_680},
        ],
        "swap_sets": swap_sets(),
        "friction": [
            {
                "check": "income statement upload",
                "bad_avoided": 412,
                "bad_avoided_money": 1_920_000.4,
                "bad_left": 9,
                "bad_left_money": 41_000.4,
                "good_lost": 1_310,
                "good_lost_money": 655_000.3,
                "cost": 118_000.0,
                "net": 1_188_000.5,
                "net_low": 640_000.0,
                "net_high": 1_520_000.0,
                "minutes": 9.0,
                "applicants": 31_000,
            },
            {
                "check": "bank account link",
                "bad_avoided": 260,
                "bad_avoided_money": 1_105_000.0,
                "bad_left": 4,
                "bad_left_money": 18_000.0,
                "good_lost": 740,
                "good_lost_money": 372_000.0,
                "cost": 44_000.0,
                "net": 707_000.0,
                "net_low": 410_000.0,
                "net_high": 905_000.0,
                "minutes": 2.5,
                "applicants": 24_000,
            },
            {
                "check": "phone call with the employer",
                "bad_avoided": 61,
                "bad_avoided_money": 248_000.0,
                "bad_left": 70,
                "bad_left_money": 291_000.0,
                "good_lost": 905,
                "good_lost_money": 431_000.0,
                "cost": 96_000.0,
                "net": 12_000.0,
                "net_low": -221_000.0,
                "net_high": 329_000.0,
                "minutes": 4.0,
                "applicants": 9_000,
            },
        ],
        "tornado": [
            tornado("price response of take-up", (-38.0, -16.0), (2.1, 5.2), "assumed"),
            tornado("drop-off at income upload", (0.04, 0.13), (4.9, 2.7), "measured"),
            tornado("sensitivity of the income check", (0.25, 0.55), (3.2, 4.6), "assumed"),
            tornado("false alarm of the income check", (0.01, 0.05), (4.3, 3.4), "assumed"),
            tornado("hazard of waiting", (0.02, 0.06), (4.1, 3.7), "measured"),
            tornado("loss given default", (0.56, 0.68), (4.05, 3.82), "measured"),
        ],
        "gain": {
            "central": 3.97,
            "unfavourable": 0.84,
            "unit": "per 100 applicants",
            "survives": True,
            "risk_change": -0.004,
        },
        "curse": {
            "ratio": 1.043,
            "upper": 1.061,
            "tightening": 0.0575,
            "today": 0.0261,
            "budget": 0.0259,
            "outcomes": 31_240,
            "inputs": 0.012,
            "note": "Estimated on five folds of the fitted population.",
        },
        "menu_edges": [
            {"part": "price", "end": "lowest", "at": -0.03, "offers": 21_000, "of": 46_320}
            | {"today": 6_120},
            {"part": "amount", "end": "lowest", "at": 0.7, "offers": 4_410, "of": 46_320}
            | {"today": 0},
        ],
        "parity": [],
        "provenance": provenance(),
        "measure_units": {},
        "measure_labels": {},
        "warnings": [],
        "versions": {"equipoise": "0.2.0", "numpy": "2.3.4"},
    }


def swap_sets() -> list[dict[str, Any]]:
    table = {
        "grade": {"A": (9_800, 310, 12), "B": (11_900, 1_480, 95), "C": (8_200, 2_610, 540)}
        | {"D": (3_100, 1_350, 980), "E": (640, 190, 720)},
        "home ownership": {"mortgage": (17_100, 2_430, 880), "rent": (11_900, 2_690, 1_190)}
        | {"own": (4_640, 820, 277)},
        "purpose of the loan": {"debt consolidation": (18_300, 3_120, 1_410)}
        | {"credit card": (9_240, 1_980, 402), "home improvement": (3_600, 540, 260)}
        | {"other": (2_500, 300, 275)},
        "region": {"N1": (16_040, 2_890, 1_180), "N2": (17_600, 3_050, 1_167)},
    }
    return [
        {
            "field": field,
            "segment": segment,
            "both_in": both_in,
            "swapped_in": came,
            "swapped_out": left,
            "both_out": round(both_in * 0.42),
        }
        for field, segments in table.items()
        for segment, (both_in, came, left) in segments.items()
    ]


def tornado(
    quantity: str,
    span: tuple[float, float],
    gains: tuple[float, float],
    provenance: str,
) -> dict[str, Any]:
    return {
        "quantity": quantity,
        "label": "",
        "unit": "",
        "low": span[0],
        "high": span[1],
        "gain_at_low": gains[0],
        "gain_at_high": gains[1],
        "provenance": provenance,
        "source": "Karlan and Zinman (2019)"
        if "price" in quantity
        else "declared in the workspace",
    }


def provenance() -> list[dict[str, Any]]:
    trial = "Karlan and Zinman (2019), field experiment"
    rows = [
        ("probability of default", 0.061, 0.058, 0.064, "share", "measured", "loans.parquet, 2018"),
        ("loss given default", 0.62, 0.56, 0.68, "share", "measured", "recoveries, 2015 vintages"),
        ("price response of take-up", -28.0, -38.0, -16.0, "per unit of APR", "assumed", trial),
        ("amount response of take-up", 0.9, 0.4, 1.4, "", "assumed", "declared, no source"),
        ("drop-off at income upload", 0.08, 0.04, 0.13, "share", "measured", "journey log"),
        ("waiting before a decision", 2.4, 0.8, 6.1, "days", "measured", "journey log"),
        ("cost of funds", 0.031, None, None, "share", "assumed", "treasury, declared"),
        ("income check: sensitivity", 0.4, 0.25, 0.55, "share", "assumed", "vendor's sheet"),
        ("true default response to burden", 1.1, 0.9, 1.3, "", "simulated", "synthetic lender"),
        ("cost of an underwriter's hour", 48.0, 40.0, 60.0, "USD", "assumed", "declared"),
    ]
    keys = ("input", "value", "low", "high", "unit", "provenance", "source")
    return [dict(zip(keys, row, strict=True)) | {"label": ""} for row in rows]


def roc(auc: float) -> list[list[float]]:
    """A power curve with the given area under it."""
    power = (1 - auc) / auc
    return [[i / 40, (i / 40) ** power] for i in range(41)]


def model(name: str, kind: str, auc: float, used: bool) -> dict[str, Any]:
    grades = [("A", 0.012), ("B", 0.029), ("C", 0.055), ("D", 0.096), ("E", 0.171)]
    drift = 1.05 if kind == "scorecard" else 1.01
    names = [
        "dti",
        "annual income",
        *(f"fact {i}" for i in range(12 if kind == "scorecard" else 29)),
    ]
    grown = {"rounds": 240, "leaves": 15, "learning_rate": 0.05, "fold_auc": 0.684}
    return {
        "name": name,
        "kind": kind,
        "used_for_pd": used,
        "features": names,
        "n_train": 118_400,
        "n_test": 41_200,
        "n_unscored": 0,
        "split": "out of time 2018-10 to 2018-12",
        "window_months": 12,
        "digest": "5eed",
        "train_auc": auc + 0.011,
        "discriminates": True,
        "log_loss": 0.21,
        "bad_rate_test": 0.061,
        "mean_pd_test": 0.058,
        "calibration_by_grade": [],
        "calibration_in_the_large": {
            "mean_pd": 0.058,
            "bad_rate": 0.061,
            "intercept": 0.04,
            "slope": 0.98,
        },
        "hosmer_lemeshow": {"statistic": 14.2, "groups": 10.0, "p_value": 0.16},
        "psi_overall": {"index": 0.011, "bound": 0.0098, "rows": 41_200, "verdict": "stable"},
        "psi_by_month": [],
        "dropped": {},
        "notes": [],
        **(grown | {"importance": {"dti": 41.0}} if kind == "boosted" else {}),
        "auc": auc,
        "auc_interval": [auc - 0.006, auc + 0.006],
        "gini": 2 * auc - 1,
        "ks": 0.21 + (auc - 0.65),
        "h_measure": 0.08 + (auc - 0.65),
        "brier": 0.0548,
        "roc": roc(auc),
        "calibration": [
            {
                "grade": grade,
                "n": 9_000 - 1_200 * i,
                "predicted": rate,
                "observed": rate * drift,
                "low": rate * drift * 0.9,
                "high": rate * drift * 1.11,
                "p_value": 0.31 - 0.05 * i,
                "verdict": "holds",
            }
            for i, (grade, rate) in enumerate(grades)
        ],
        "psi": [
            {
                "month": month,
                "psi": 0.0016 + 0.0027 * i + (0.106 if i == 10 else 0),
                "bound": 0.0098,
                "n": 13_000,
                "alert": i == 10,
            }
            for i, month in enumerate(MONTHS)
        ],
        "csi": [
            {"feature": "dti", "csi": 0.004, "bound": 0.009},
            {"feature": "annual income", "csi": 0.013, "bound": 0.009},
        ],
        "monotone": {
            "holds": True,
            "certified": True,
            "features": 9,
            "directions": {"dti": 1},
            "trees": 240,
            "leaves": 3_600,
            "pairs_checked": 81_000,
            "counterexample": None,
        },
        "characteristics": characteristics() if kind == "scorecard" else [],
    }


def characteristics() -> list[dict[str, Any]]:
    table = {
        "dti": [
            ("< 0.12", 0.21, 0.041, 0.42, 61),
            ("0.12 to 0.24", 0.44, 0.058, 0.05, 48),
            ("≥ 0.24", 0.34, 0.081, -0.31, 35),
            ("missing", 0.01, 0.072, -0.19, 40),
        ],
        "inquiries in six months": [
            ("0", 0.55, 0.048, 0.25, 55),
            ("1", 0.28, 0.066, -0.09, 44),
            ("≥ 2", 0.17, 0.091, -0.44, 30),
        ],
    }
    keys = ("label", "share", "bad_rate", "woe", "points")
    return [
        {
            "name": name,
            "iv": 0.07,
            "bins": [dict(zip(keys, attribute, strict=True)) for attribute in bins],
        }
        for name, bins in table.items()
    ]


def experience() -> dict[str, Any]:
    steps = [
        ("fill in the application", 0.0, 0.31, 0.0, 0.31, 0.04, 0.112),
        ("upload income statement", 14.2, 0.15, 5.1, 0.15, 0.21, 0.081),
        ("automatic checks", 0.1, 0.02, 0.1, 0.02, 0.01, 0.006),
        ("underwriter looks", 31.5, 0.7, 11.3, 0.7, 0.13, 0.034),
        ("offer accepted or not", 52.0, 0.2, 18.9, 0.2, 0.02, 0.097),
    ]
    keys = ("name", "queue_hours", "work_hours", "queue_business_hours", "work_business_hours")
    keys += ("rework", "drop_off")
    days = list(range(0, 31))
    return {
        "steps": [
            dict(zip(keys, step, strict=True))
            | {"drop_low": step[6] * 0.88, "drop_high": step[6] * 1.13}
            for step in steps
        ],
        "competing": {
            "days": days,
            "accepted": [0.47 * (1 - math.exp(-max(d - 1, 0) / 7)) for d in days],
            "declined": [0.24 * (1 - math.exp(-d / 4)) for d in days],
            "cancelled": [0.19 * (1 - math.exp(-max(d - 3, 0) / 12)) for d in days],
        },
        "acceptance": [
            {
                "days": d,
                "rate": r,
                "low": r - 0.02 - 0.002 * d,
                "high": r + 0.02 + 0.002 * d,
                "n": n,
            }
            for d, r, n in (
                (0, 0.83, 2_100),
                (1, 0.81, 3_900),
                (3, 0.77, 4_400),
                (7, 0.70, 2_800),
                (14, 0.61, 1_100),
                (21, 0.55, 420),
            )
        ],
        "notes": ["Only applicants who came back are ever called again, so ends compete."],
    }


def fit() -> dict[str, Any]:
    return {
        "format": 1,
        "workspace": "harbour",
        "rows": 159_600,
        "refused": 214,
        "seconds": 48.9,
        "models": [
            model("scorecard", "scorecard", 0.662, used=True),
            model("boosted trees", "boosted", 0.689, used=False),
        ],
        "used": "scorecard",
        "comparison": {
            "a": "scorecard",
            "b": "boosted trees",
            "p_a_better": 0.004,
            "p_equal": 0.071,
            "p_b_better": 0.925,
            "rope": 0.01,
        },
        "lgd": {
            "value": 0.62,
            "low": 0.56,
            "high": 0.68,
            "provenance": "measured",
            "source": "recoveries of the 2015 vintages",
            "unit": "share",
            "by_grade": [
                {"grade": "A", "lgd": 0.6, "n": 310},
                {"grade": "E", "lgd": 0.65, "n": 880},
            ],
        },
        "maturity": {
            "by_month": [
                {
                    "month": month,
                    "n": 13_000,
                    "bad_rate": 0.068 - 0.0004 * i if i < 7 else 0.065 - 0.011 * (i - 6),
                    "mature": i < 7,
                }
                for i, month in enumerate(MONTHS)
            ],
            "note": "Loans of the last five months had less than twelve months to go bad.",
        },
        "experience": experience(),
        "provenance": [],
        "outcome": {
            "window_months": 12,
            "known": 20_344,
            "judged": 20_344,
            "unknown": 139_256,
            "bads": 1_070,
            "maturity_curve": [],
        },
        "grades": {"bounds": [0.02, 0.04, 0.075, 0.13], "names": ["A", "B", "C", "D", "E"]},
        "notes": [],
        "seeds": {"folds": 7},
        "versions": {"equipoise": "0.2.0"},
    }

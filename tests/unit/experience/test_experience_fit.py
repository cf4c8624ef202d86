from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.documents import read_document
from equipoise.errors import BadInput, Faults
from equipoise.experience import ExperienceDocument, ExperienceFit, fit_experience
from equipoise.experience.summary import journey_summary
from equipoise.progress import Silent


@pytest.fixture(scope="module")
def bpi_fit(bpi_document: ExperienceDocument, bpi_events: pl.DataFrame) -> ExperienceFit:
    return fit_experience(bpi_document, bpi_events)


def test_bpi_2012_has_its_published_counts(bpi_fit: ExperienceFit) -> None:
    counts = bpi_fit.tables["counts"]
    assert (counts["cases"], counts["events"]) == (13_087, 262_200)
    assert (counts["accepted"], counts["declined"]) == (2_246, 7_635)
    assert (counts["cancelled"], counts["open"]) == (2_807, 399)
    bands = bpi_fit.tables["acceptance_by_days_to_offer"]
    assert sum(band["offers"] for band in bands) == 5_015
    assert sum(band["declined"] for band in bands) == 802


def test_bpi_2012_waiting_lowers_acceptance_and_drives_people_away(bpi_fit: ExperienceFit) -> None:
    acceptance, hazard = bpi_fit.acceptance_per_day, bpi_fit.hazard_per_day
    assert acceptance.provenance == hazard.provenance == "measured"
    assert acceptance.value == pytest.approx(-0.0936, abs=5e-4)
    assert acceptance.high is not None and acceptance.high < 0
    assert hazard.value == pytest.approx(0.0418, abs=1e-4)
    assert "BPI_Challenge_2012" in hazard.source and "18 left in 431 days" in hazard.source
    assert bpi_fit.take_up.waiting == acceptance


def test_bpi_2012_people_leave_before_an_offer_and_stay_after_they_signed(
    bpi_fit: ExperienceFit,
) -> None:
    rows = {
        (row["waits_for"], row["phase"], row["from_day"]): row
        for row in bpi_fit.tables["hazard_by_phase"]
    }
    before = rows["lender", "before_offer", 1.0]
    after = rows["lender", "after_offer", 1.0]
    assert before["low"] > 5 * after["high"]
    assert after["value"] == pytest.approx(0.0021, abs=1e-4)


def test_leaving_after_the_offer_is_not_to_be_counted_twice(bpi_fit: ExperienceFit) -> None:
    assert sum("keep one of them" in note for note in bpi_fit.notes) == 2


def test_bpi_2012_calls_about_missing_papers_do_far_less_than_a_plain_comparison_says(
    bpi_fit: ExperienceFit,
) -> None:
    calls = bpi_fit.tables["calls"][0]
    # only customers who sent their offer back are ever called about it
    assert calls["plain_called"] == pytest.approx(0.77, abs=0.005)
    assert calls["plain_called"] - calls["plain_uncalled"] > 0.4
    assert 1.1 < calls["accepted_ratio"]["low"] < calls["accepted_ratio"]["high"] < 1.5
    # and at equal waiting those who are called also leave more often: papers are missing
    assert calls["cancelled_ratio"]["low"] > 3


def test_bpi_2012_open_cases_are_neither_lost_nor_kept(bpi_fit: ExperienceFit) -> None:
    for row in bpi_fit.tables["drop_off_by_step"]:
        parts = row["went_on"] + row["lost"] + row["declined"] + row["open"]
        assert parts == row["reached"]
    offer = next(r for r in bpi_fit.tables["drop_off_by_step"] if r["activity"] == "O_SENT")
    assert offer["open"] == 231
    plain_share = offer["lost"] / offer["reached"]
    assert offer["drop_off"]["value"] > plain_share  # as if open cases were kept


def test_bpi_2012_competing_ends_of_an_offer_sum_to_at_most_one(bpi_fit: ExperienceFit) -> None:
    curve = bpi_fit.tables["ends_from_offer"]
    assert curve[0]["at_risk"] == 5_015
    last = curve[-1]
    total = sum(last[name]["value"] for name in ("accepted", "declined", "cancelled"))
    assert 0.99 < total <= 1 + 1e-12
    assert curve[30]["accepted"]["value"] == pytest.approx(0.428, abs=2e-3)


def test_the_summary_holds_what_a_page_draws(bpi_fit: ExperienceFit) -> None:
    page = journey_summary(bpi_fit)
    timed = [step for step in page.steps if step.queue_hours is not None]
    left = [step for step in page.steps if step.drop_off is not None]
    assert timed[0].name == "W_Nabellen offertes"
    assert timed[0].queue_hours > timed[0].queue_business_hours > 0
    assert [step.name for step in left] == ["apply", "complete", "answer offer", "validation"]
    assert all(step.drop_low <= step.drop_off <= step.drop_high for step in left)
    ends = page.competing
    assert len(ends.accepted) == len(ends.cancelled) == len(ends.days)
    assert list(ends.declined) == sorted(ends.declined)
    assert sum(band.n for band in page.acceptance) == 3_886
    empty = journey_summary(fit_experience(ExperienceDocument.model_validate(ASSUMED)))
    assert not empty.competing
    assert empty.acceptance == ()


def test_the_fit_survives_its_file(bpi_fit: ExperienceFit, tmp_path: Path) -> None:
    path = tmp_path / "experience.json"
    bpi_fit.save(path)
    assert ExperienceFit.load(path) == bpi_fit


def test_a_missing_or_damaged_file_says_to_fit_again(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="run `equipoise fit` first"):
        ExperienceFit.load(tmp_path / "none.json")
    (tmp_path / "half.json").write_text('{"steps": [')
    with pytest.raises(BadInput, match="fit` again"):
        ExperienceFit.load(tmp_path / "half.json")


ASSUMED = {
    "steps": [{"name": "form", "minutes": 5, "drop_off": {"value": 0.1, "low": 0.05, "high": 0.2}}],
    "checks": [
        {"name": "income call", "drop_off": 0.04, "sensitivity": 0.3, "false_alarm": 0.05,
         "cost": 12.0, "underwriter_hours": 0.25, "manual": True}
    ],
    "take_up": {"reference_apr": 0.12, "price": {"value": -31.7, "low": -48, "high": -18}},
}  # fmt: skip


def test_without_a_log_everything_declared_is_kept() -> None:
    fit = fit_experience(ExperienceDocument.model_validate(ASSUMED))
    assert fit.tables == {}
    assert {q.provenance for q in fit.quantities().values()} == {"assumed"}
    assert fit.step("form").drop_off.low == 0.05
    assert fit.check("income call").check().pass_rate(np.array([0.0]))[0] == pytest.approx(0.95)
    assert fit.take_up.model().price == -31.7


def test_a_quantity_can_be_set_to_the_end_of_its_range() -> None:
    fit = fit_experience(ExperienceDocument.model_validate(ASSUMED))
    new = {
        "steps.form.drop_off": 0.2,
        "checks.income call.sensitivity": 0.1,
        "waiting.hazard_per_day": 0.03,
        "take_up.price": -48.0,
    }
    moved = fit.replaced(new)
    assert {name: moved.quantities()[name].value for name in new} == new
    untouched = set(fit.quantities()) - set(new)
    assert all(moved.quantities()[n] == fit.quantities()[n] for n in untouched)
    with pytest.raises(BadInput, match=r"did you mean 'take_up\.price'"):
        fit.replaced({"take_up.prise": 0})
    with pytest.raises(BadInput, match="did you mean 'income call'"):
        fit.check("income cal")


def offers_frame(n: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    apr, asked = rng.uniform(0.05, 0.25, n), rng.uniform(2e3, 2e4, n)
    offered, wait = asked * rng.uniform(0.5, 1.0, n), rng.exponential(3, n)
    pd = rng.beta(2, 20, n)
    u = 0.5 - 20 * (apr - 0.12) + 1.2 * np.log(offered / asked) - 0.08 * wait
    u += 0.15 * np.log(pd / (1 - pd))
    accepted = rng.random(n) < 1 / (1 + np.exp(-u))
    default = rng.random(n) < pd
    alarm = rng.random(n) < np.where(default, 0.6, 0.1)
    return pl.DataFrame(
        {"apr": apr, "asked": asked, "offered": offered, "wait": wait, "pd": pd,
         "took": accepted, "alarm": alarm, "acted": rng.random(n) < 0.5, "default": default}
    )  # fmt: skip


MEASURED_FROM_DATA = {
    "checks": [
        {"name": "document", "drop_off": 0.03, "sensitivity": "measured",
         "false_alarm": "measured",
         "from": {"result": "alarm", "acted": "acted", "default": "default"}}
    ],
    "take_up": {
        "reference_apr": 0.12,
        **dict.fromkeys(["intercept", "price", "amount", "waiting", "risk"], "measured"),
        "from": {"apr": "apr", "amount": "offered", "asked": "asked", "waiting_days": "wait",
                 "pd": "pd", "accepted": "took"},
    },
}  # fmt: skip


def test_take_up_and_checks_are_measured_on_the_applications() -> None:
    document = ExperienceDocument.model_validate(MEASURED_FROM_DATA)
    fit = fit_experience(document, frame=offers_frame(30_000, 1))
    truth = {
        "take_up.intercept": 0.5, "take_up.price": -20, "take_up.amount": 1.2,
        "take_up.waiting": -0.08, "take_up.risk": 0.15,
        "checks.document.sensitivity": 0.6, "checks.document.false_alarm": 0.1,
    }  # fmt: skip
    for name, value in truth.items():
        result = fit.quantities()[name]
        assert result.provenance == "measured"
        assert result.low is not None and result.high is not None
        half = (result.high - result.low) / 2
        assert abs(result.value - value) < 1.5 * half, name  # three standard errors


def test_a_column_that_is_not_there_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "experience.yaml"
    path.write_text(
        "take_up:\n  reference_apr: 0.12\n  price: measured\n"
        "  from: {apr: apr, amount: offerd, asked: asked, accepted: took}\n"
    )
    loaded = read_document(path, ExperienceDocument)
    with pytest.raises(BadInput, match="did you mean 'offered'") as error:
        fit_experience(loaded.value, frame=offers_frame(50, 2), where=loaded.span)
    assert error.value.where is not None and error.value.where.line == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offered": pl.lit(0.0)}, "column 'offered' holds amounts of zero or less"),
        ({"took": pl.lit(2)}, "column 'took' holds 2, which is neither true"),
        ({"apr": pl.lit("12 %")}, "column 'apr' holds String, not numbers"),
        ({"acted": pl.lit(value=True)}, "none defaulted"),
        ({"wait": pl.lit(3.0)}, "response to waiting cannot be measured"),
    ],
)
def test_applications_that_measure_nothing_are_refused(
    change: dict[str, pl.Expr], message: str
) -> None:
    document = ExperienceDocument.model_validate(MEASURED_FROM_DATA)
    with pytest.raises(BadInput, match=message):
        fit_experience(document, frame=offers_frame(300, 3).with_columns(**change))


def test_what_is_to_be_measured_needs_applications() -> None:
    document = ExperienceDocument.model_validate(MEASURED_FROM_DATA)
    with pytest.raises(BadInput, match="there are no applications"):
        fit_experience(document)


def test_offers_with_a_missing_value_are_left_out_and_counted() -> None:
    document = ExperienceDocument.model_validate(MEASURED_FROM_DATA)
    frame = offers_frame(3000, 4).with_columns(
        apr=pl.when(pl.int_range(pl.len()) >= 10).then(pl.col("apr"))
    )
    fit = fit_experience(document, frame=frame)
    assert "10 past offers were left out" in fit.notes[0]
    assert "2990 offers" in fit.take_up.price.source


def test_unknown_activities_are_all_named_with_line_and_mend(
    tmp_path: Path, log_of: Callable[..., pl.DataFrame]
) -> None:
    path = tmp_path / "experience.yaml"
    path.write_text(
        "log:\n  path: log.csv\n  start: aply\n  ends:\n    accepted: [grant]\n"
        "    cancelled:\n      - canceled\ntake_up:\n  reference_apr: 0.1\n  price: -30\n"
    )
    loaded = read_document(path, ExperienceDocument)
    events = log_of([("1", name, "complete", 1, None) for name in ("apply", "grant", "cancel")])
    with pytest.raises(Faults) as error:
        fit_experience(loaded.value, events, where=loaded.span)
    assert [fault.where.line for fault in error.value.faults if fault.where] == [3, 7]
    assert "did you mean 'apply'" in str(error.value)
    assert "did you mean 'cancel'" in str(error.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "the event log is empty"),
        ([("1", "apply", "start", 0, None)], "no complete events; its lifecycle values are: start"),
    ],
)
def test_logs_that_cannot_be_measured_are_refused(
    log_of: Callable[..., pl.DataFrame],
    document_of: Callable[..., ExperienceDocument],
    rows: list[object],
    message: str,
) -> None:
    with pytest.raises(BadInput, match=message):
        fit_experience(document_of(), log_of(rows))


@pytest.mark.parametrize("offer", [True, False])
def test_a_tiny_log_is_described_and_measures_only_what_it_can(
    log_of: Callable[..., pl.DataFrame],
    document_of: Callable[..., ExperienceDocument],
    offer: bool,
    tmp_path: Path,
) -> None:
    names = ["apply", "offer", "sign", "grant", "cancel", "refuse"]
    events = log_of([(str(i), name, "complete", i, None) for i, name in enumerate(names)])
    log = document_of().log.model_dump()
    document = document_of(log=log if offer else {**log, "offer": None})
    fit = fit_experience(document, events)
    fit.save(tmp_path / "fit.json")
    assert ExperienceFit.load(tmp_path / "fit.json") == fit
    assert fit.tables["counts"]["cases"] == 6
    assert fit.acceptance_per_day.provenance == "assumed"
    if offer:
        measured = document_of(log=log, waiting={"acceptance_per_day": "measured"})
        with pytest.raises(BadInput, match="one class only"):
            fit_experience(measured, events)


def test_an_event_without_a_time_is_named_by_its_row(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    events = log_of([("1", "apply", "complete", 1, None), ("1", "grant", "complete", 2, None)])
    broken = events.with_columns(time=pl.col("time").shift(-1))
    with pytest.raises(BadInput, match="an event has no case or no time") as error:
        fit_experience(document_of(), broken)
    assert error.value.where is not None and error.value.where.row == 2


def test_cases_without_events_are_counted(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    names = ["apply", "offer", "sign", "grant", "cancel", "refuse"]
    events = log_of([("1", name, "complete", i, None) for i, name in enumerate(names)])
    fit = fit_experience(document_of(), events, pl.DataFrame({"case": ["1", "2", "3"]}))
    assert any("2 cases have no events" in note for note in fit.notes)


def test_progress_is_told_step_by_step(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    titles: list[str] = []

    class Told(Silent):
        def step(self, title: str):
            titles.append(title)
            return super().step(title)

    names = ["apply", "offer", "sign", "grant", "cancel", "refuse"]
    events = log_of([("1", name, "complete", i, None) for i, name in enumerate(names)])
    fit_experience(document_of(), events, progress=Told())
    assert len(titles) == 3


def test_a_log_that_the_document_names_must_be_given(
    document_of: Callable[..., ExperienceDocument],
) -> None:
    with pytest.raises(BadInput, match="names an event log and none was read"):
        fit_experience(document_of())
    with pytest.raises(BadInput, match="no column 'lifecycle'"):
        fit_experience(document_of(), pl.DataFrame({"case": ["1"], "activity": ["apply"]}))

"""fit.json: what a fit found of risk and experience, versioned and read strictly.

Rates and probabilities are shares from 0 to 1; `n` and `rows` count loans. A part that a fit does
not have is `{}` or left out, and is written as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from equipoise.documents import Document, Nothing
from equipoise.experience.journey_result import JourneyResult

FORMAT: Literal[1] = 1


class GradeCalibration(Document):
    """A grade's mean PD against its bad rate on test rows, with Jeffreys interval and p-value."""

    grade: str
    n: int
    predicted: float
    observed: float
    low: float
    high: float
    p_value: float
    verdict: str


class GradeRates(Document):
    """The same under the names of the validation, with the bads counted."""

    grade: str
    rows: int
    bads: int
    mean_pd: float
    bad_rate: float
    low: float
    high: float
    p_value: float
    verdict: str


class CalibrationInTheLarge(Document):
    """Mean PD and bad rate; intercept and slope of the outcome on the PD's log-odds."""

    mean_pd: float
    bad_rate: float
    intercept: float
    slope: float


class HosmerLemeshow(Document):
    """The statistic over equal groups of PD, and its p-value."""

    statistic: float
    groups: float
    p_value: float


class StabilityIndex(Document):
    """PSI of the PD, test against training rows; `bound` is what sampling alone reaches."""

    index: float
    bound: float
    rows: int
    verdict: str


class MonthIndex(StabilityIndex):
    """The same for one month of the test rows."""

    month: str


class MonthStability(Document):
    """PSI of a month; `alert` where the validation's own rule calls it a shift."""

    month: str
    psi: float
    bound: float
    n: int
    alert: bool


class FeatureStability(Document):
    """CSI of a feature."""

    feature: str
    csi: float
    bound: float


class Counterexample(Document):
    """Two values of a feature that a tree scores against the declared direction."""

    tree: int
    feature: str
    low: float
    high: float
    value_low: float
    value_high: float


class Monotonicity(Document):
    """A certificate that scores never move against a direction (1 rises with risk, -1 falls)."""

    holds: bool
    certified: bool
    features: int
    directions: Mapping[str, int]
    trees: int
    leaves: int
    pairs_checked: int
    counterexample: Counterexample | None


class CardAttribute(Document):
    """A bin of a card; `points` is None where the card refuses what falls into it."""

    label: str
    woe: float
    points: float | None
    share: float
    bad_rate: float | None


class CardCharacteristic(Document):
    """A characteristic of a card, with its information value."""

    name: str
    iv: float
    bins: tuple[CardAttribute, ...]


class FittedModel(Document):
    """A model with its validation on rows it has not seen.

    `dropped` says why a feature is not in it; `roc` are (false, true) positive rates.
    """

    name: str
    kind: str
    used_for_pd: bool
    features: tuple[str, ...]
    split: str
    window_months: int | None
    digest: str
    n_train: int
    n_test: int
    n_unscored: int
    auc: float
    auc_interval: tuple[float, float]
    train_auc: float
    discriminates: bool
    gini: float
    ks: float
    h_measure: float
    brier: float
    log_loss: float
    bad_rate_test: float
    mean_pd_test: float
    roc: tuple[tuple[float, float], ...]
    calibration: tuple[GradeCalibration, ...]
    calibration_by_grade: tuple[GradeRates, ...]
    calibration_in_the_large: CalibrationInTheLarge
    hosmer_lemeshow: HosmerLemeshow
    psi_overall: StabilityIndex
    psi: tuple[MonthStability, ...]
    psi_by_month: tuple[MonthIndex, ...]
    csi: tuple[FeatureStability, ...]
    monotone: Monotonicity | Nothing
    characteristics: tuple[CardCharacteristic, ...]
    dropped: Mapping[str, str]
    notes: tuple[str, ...]


class FittedScorecard(FittedModel):
    """A card of ours."""

    kind: Literal["scorecard"]


class FittedTrees(FittedModel):
    """Boosted trees of ours: how they were grown and what each feature weighs."""

    kind: Literal["boosted"]
    rounds: int
    leaves: int
    learning_rate: float
    fold_auc: float | None
    importance: Mapping[str, float]


class LendersModel(FittedModel):
    """A lender's own model, whatever kind it is inside."""

    kind: Literal["external"]
    format: str
    trained_on: str
    calibration_method: str


AnyModel = Annotated[FittedScorecard | FittedTrees | LendersModel, Field(discriminator="kind")]


class ModelComparison(Document):
    """Probability that either of two models is better, or both equal within `rope` of AUC."""

    a: str
    b: str
    p_a_better: float
    p_equal: float
    p_b_better: float
    rope: float


class GroupLoss(Document):
    """LGD of `n` defaulted loans of a group."""

    grade: str
    lgd: float
    n: int


class LossGivenDefault(Document):
    """The LGD with its range and source, and by group where measured so."""

    value: float
    low: float | None
    high: float | None
    provenance: str
    source: str
    unit: str
    by_grade: tuple[GroupLoss, ...]


class MonthMaturity(Document):
    """Bad rate so far of a month of origination; `mature` once it has settled."""

    month: str
    n: int
    bad_rate: float
    mature: bool


class Maturity(Document):
    """Bad rates by month of origination."""

    by_month: tuple[MonthMaturity, ...]
    note: str


class OutcomeCounts(Document):
    """How many outcomes are known, judged and bad; `maturity_curve` is share defaulted by month."""

    window_months: int | None
    known: int
    judged: int
    unknown: int
    bads: int
    maturity_curve: tuple[float, ...]


class GradeScale(Document):
    """Grades from safest to riskiest, and the PDs between them."""

    bounds: tuple[float, ...]
    names: tuple[str, ...]


class SourcedInput(Document):
    """A number that the fit rests on, with its range and where it comes from."""

    input: str
    value: float
    low: float | None
    high: float | None
    provenance: str
    source: str
    unit: str


class FitResult(Document):
    """Models with their validation, LGD, maturity, experience, and the inputs.

    `seeds` and `documents` are those it was made with.
    """

    format: Literal[1]
    workspace: str
    rows: int
    refused: int
    models: tuple[AnyModel, ...] = Field(min_length=1)
    used: str
    comparison: ModelComparison | Nothing
    lgd: LossGivenDefault
    maturity: Maturity
    experience: JourneyResult
    provenance: tuple[SourcedInput, ...]
    outcome: OutcomeCounts
    grades: GradeScale
    notes: tuple[str, ...]
    seeds: Mapping[str, int]
    versions: Mapping[str, str]
    documents: Mapping[str, str] = Field(default_factory=dict)
    seconds: float = 0.0

    @property
    def used_model(self) -> AnyModel:
        """The model that gives the PD; the first where none says so."""
        return next((model for model in self.models if model.used_for_pd), self.models[0])

    def as_dict(self) -> dict[str, Any]:
        """As fit.json holds it: what was not given is not written."""
        return self.model_dump(mode="json", exclude_unset=True)

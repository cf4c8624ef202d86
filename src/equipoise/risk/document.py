"""risk.yaml: which models, on which features, for which window, validated how."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from equipoise.documents import Document, Quantity

Direction = Literal["increasing", "decreasing"]
MEASURED = "measured"


class ScalingSection(Document):
    """`base_score` points mean `base_odds` goods to one bad; `pdo` more points double the odds."""

    pdo: float = Field(default=20.0, gt=0)
    base_odds: float = Field(default=50.0, gt=0)
    base_score: float = 600.0


class ScorecardSection(Document):
    """A scorecard. `features` restricts what it may choose from; all features when left out."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    kind: Literal["scorecard"]
    features: tuple[str, ...] | None = None
    max_characteristics: int = Field(default=20, ge=1)
    min_information_value: float = Field(default=0.01, ge=0)
    max_correlation: float = Field(default=0.8, gt=0, le=1)
    max_p_value: float | None = Field(default=None, gt=0, lt=1)
    max_bins: int = Field(default=8, ge=2, le=30)
    min_bin_size: float = Field(default=0.05, gt=0, lt=0.5)
    unseen_category: Literal["other", "refuse"] = "other"
    scaling: ScalingSection = ScalingSection()


class BoostedSection(Document):
    """Monotone LightGBM. `auto_directions` adds directions that are clear in the training rows."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    kind: Literal["boosted"]
    features: tuple[str, ...] | None = None
    auto_directions: bool = False
    leaves: tuple[int, ...] = Field(default=(4, 8, 16), min_length=1)
    learning_rate: float = Field(default=0.03, gt=0, le=0.5)
    max_rounds: int = Field(default=2000, ge=1, le=20_000)
    seed: int = 0


class PointsScaling(Document):
    """What the points of a lender's own card or score mean; none of it is guessed."""

    pdo: float = Field(gt=0)
    base_odds: float = Field(gt=0)
    base_score: float


class ExternalSection(Document):
    """The lender's own model: a `column` of the data, or a `file` that another program wrote.

    A column says what it `means`: a PD, log-odds of default or a score; of a PD its `unit`, of a
    score or a card's points which way is safer and their `scaling` (or a calibration, which finds
    it). `format` is told by a file's content unless named. `predicts` is the outcome that the
    model's probability is of. `names` maps its names to ours. `trained_on` says whether these
    applications taught it: nothing in a file does.
    """

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    kind: Literal["external"]
    column: str | None = None
    file: str | None = None
    format: Literal["scorecard", "logistic", "lightgbm", "xgboost", "pmml", "optbinning"] | None = (
        None
    )
    means: Literal["pd", "log_odds", "score"] | None = None
    unit: Literal["fraction", "percent"] = "fraction"
    higher_is: Literal["safer", "riskier"] = "safer"
    predicts: Literal["bad", "good"] = "bad"
    scaling: PointsScaling | None = None
    names: dict[str, str] = Field(default_factory=dict)
    calibration: Literal["none", "level", "platt", "isotonic"] = "none"
    trained_on: Literal["unknown", "elsewhere", "these"] = "unknown"

    @model_validator(mode="after")
    def _one_source(self) -> ExternalSection:
        if (self.column is None) == (self.file is None):
            raise ValueError("an external model is a `column` or a `file`; give one of the two")
        if self.column is not None and self.means is None:
            raise ValueError(
                "what the column means is not said; add `means`: pd, log_odds (of default) or score"
            )
        if self.column is not None and (self.format or self.names):
            raise ValueError("`format` and `names` are a file's; take them out")
        return self


OwnSection = ScorecardSection | BoostedSection
ModelSection = ScorecardSection | BoostedSection | ExternalSection
Model = Annotated[ModelSection, Discriminator("kind")]


class OutOfTime(Document):
    """Test on the newest applications: those from a date on, or the last months."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: Literal["out_of_time"] = "out_of_time"
    from_: date | None = Field(default=None, alias="from")
    last_months: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_of_two(self) -> OutOfTime:
        if self.from_ is not None and self.last_months is not None:
            raise ValueError("give `from` or `last_months`, not both")
        return self


class RandomSplit(Document):
    """Test on rows drawn at random: for data without dates."""

    kind: Literal["random"]
    share: float = Field(default=0.3, gt=0, lt=1)
    seed: int = 0


Split = Annotated[OutOfTime | RandomSplit, Discriminator("kind")]


class OutcomeSection(Document):
    """How the outcome was watched.

    `window_months` is what a PD is for; the contract's own stands where it is left out.
    `default_month` names the field with the month on book of the default; with it and the
    contract's `observed_months`, young loans still count by censoring weights. `closed` is an
    expression that is true for loans repaid early. `resolved_only` says that the data hold only
    loans that have ended, so that their bad rate is a share of resolved loans and no PD;
    `window_months` is then the horizon that `central_tendency` is for.
    """

    window_months: int | None = Field(default=None, gt=0)
    default_month: str | None = None
    closed: str | None = None
    resolved_only: bool = False


class AcceptedOnlySection(Document):
    """Who was booked, and how those who were not are read beside the base result.

    `booked` is an expression that is true for applications that became loans; without it, those
    with an outcome. `method` picks the reading that `balance` shows (`none`: all, when asked).
    `multiple` is parcelling's: how many times as often loans that were not booked go bad as booked
    ones of their score band. `correlations` are those tried between the unseen reasons for booking
    and for default; below zero the lender's unseen reasons kept out the worse.
    """

    booked: str | None = None
    method: Literal["none", "fuzzy", "parcelling", "heckman"] = "none"
    multiple: float = Field(default=2.0, ge=1, le=20)
    correlations: tuple[Annotated[float, Field(ge=-0.9, le=0.9)], ...] = Field(
        default=(-0.3, 0.3), min_length=1, max_length=9
    )


class GradesSection(Document):
    """Grades by PD: found from the training rows unless `bounds` are given."""

    count: int = Field(default=7, ge=1, le=26)
    min_share: float = Field(default=0.03, gt=0, lt=1)
    bounds: tuple[float, ...] | None = None


class HistorySection(Document):
    """A file of past loans with repayments and recoveries; each entry is an expression over it.

    The amount is `amount`, or found from `instalment` and `apr` (a fraction) over `terms`.
    `repaid` is principal repaid before default. `group` names a column to break LGD and default
    rate down by; `group_field` is the contract's field with the same groups.
    """

    file: str
    defaulted: str
    repaid: str
    recovered: str
    cost: str | None = None
    amount: str | None = None
    instalment: str | None = None
    apr: str | None = None
    terms: tuple[int, ...] = (36, 60)
    group: str | None = None
    group_field: str | None = None
    received: str | None = None
    interest: str | None = None
    source: str = ""

    @model_validator(mode="after")
    def _amount_is_known(self) -> HistorySection:
        if self.amount is None and (self.instalment is None or self.apr is None):
            raise ValueError("give `amount`, or `instalment` and `apr` to find it from")
        return self


def _lgd_kind(value: Any) -> str:
    held = value.get("file") if isinstance(value, dict) else getattr(value, "file", None)
    return "history" if held is not None else "quantity"


Lgd = Annotated[
    Annotated[Quantity, Tag("quantity")] | Annotated[HistorySection, Tag("history")],
    Discriminator(_lgd_kind),
]


def _word_or_quantity(value: Any) -> str:
    return "word" if isinstance(value, str) else "quantity"


Measurable = Annotated[
    Annotated[Quantity, Tag("quantity")] | Annotated[Literal["measured"], Tag("word")],
    Discriminator(_word_or_quantity),
]
Tendency = Annotated[
    Annotated[Quantity, Tag("quantity")] | Annotated[Literal["history"], Tag("word")],
    Discriminator(_word_or_quantity),
]


class ExploredSection(Document):
    """Where terms were varied without regard to risk: expressions over the contract's fields.

    `where` picks the rows; differences are terms given less today's policy's: APR as a fraction,
    instalment over monthly income.
    """

    where: str
    apr_difference: str
    burden_difference: str


class PdResponseSection(Document):
    """Slopes of the log-odds of default: on APR (per 1.00) and on instalment over income."""

    price: Measurable = Quantity(value=0.0, source="given without a source")
    burden: Measurable = Quantity(value=0.0, source="given without a source")
    explored: ExploredSection | None = None

    @model_validator(mode="after")
    def _measured_needs_rows(self) -> PdResponseSection:
        if MEASURED in (self.price, self.burden) and self.explored is None:
            raise ValueError("a measured response needs `explored`: which rows, which differences")
        return self


class RiskDocument(Document):
    """risk.yaml as a whole.

    `features` are named expressions over the contract's fields; with the contract's own features,
    less `exclude`, they are what models may use. `use` names the model that gives the PD.
    """

    features: dict[str, str] = Field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    monotone: dict[str, Direction] = Field(default_factory=dict)
    special: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    concepts: dict[str, str] = Field(default_factory=dict)
    models: tuple[Model, ...] = (
        ScorecardSection(name="scorecard", kind="scorecard"),
        BoostedSection(name="boosted", kind="boosted"),
    )
    use: str = ""
    split: Split | None = None
    outcome: OutcomeSection = OutcomeSection()
    accepted_only: AcceptedOnlySection = AcceptedOnlySection()
    central_tendency: Tendency | None = None
    grades: GradesSection = GradesSection()
    cutoff: float | None = Field(default=None, gt=0, lt=1)
    lgd: Lgd = Quantity(
        value=0.45,
        low=0.35,
        high=0.75,
        source="Basel Framework, CRE32: foundation LGD of senior unsecured claims",
    )
    pd_response: PdResponseSection = PdResponseSection()

    @model_validator(mode="after")
    def _names_agree(self) -> RiskDocument:
        names = [model.name for model in self.models]
        if not names:
            raise ValueError("at least one model is needed")
        if len(set(names)) != len(names):
            raise ValueError("two models have the same name")
        if self.use and self.use not in names:
            raise ValueError(f"`use` names '{self.use}', which is not among the models {names}")
        if self.central_tendency == "history" and not isinstance(self.lgd, HistorySection):
            raise ValueError(
                "a central tendency from history needs `lgd` with a file of past loans"
            )
        return self

    @property
    def used(self) -> str:
        """The model that gives the PD: `use`, or the first."""
        return self.use or self.models[0].name

"""What a sealed strategy holds: the documents and fitted models it was made from, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from equipoise.contract import Contract
from equipoise.documents import Document
from equipoise.errors import BadInput
from equipoise.risk.model import RiskModel, read_model
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.editions import CURRENT, edition_of
from equipoise.strategy.population import Population
from equipoise.texts.wording import Wording
from equipoise.value.treatments import TreatmentsDocument

if TYPE_CHECKING:
    from equipoise.risk import RiskFit

FORMAT = "equipoise-strategy"


class ModelPart(Document):
    """The model that gives the PD; `text` is LightGBM's, for boosted trees of our own."""

    kind: Literal["scorecard", "boosted", "linear", "trees"]
    name: str
    digest: str
    sidecar: dict[str, Any]
    text: str | None = None

    def load(self) -> RiskModel:
        """The model itself, ready to explain. Raises BadInput where it is damaged."""
        model = read_model(self.kind, self.sidecar, self.text)
        if self.kind == "boosted":  # whoever is declined first should not wait for its library
            model.risks_of(dict.fromkeys(model.features))
        return model


class Content(Document):
    """The whole strategy. Nothing else is read to decide.

    `edition` says how it is meant: see `editions`. `cautions` decide nothing: they are what a
    reader must know, as that the model does not discriminate; and `population` is who applies,
    for a first idea of an answer.
    """

    format: Literal["equipoise-strategy"] = "equipoise-strategy"
    edition: int = CURRENT
    strategy: StrategyDocument
    contract: Contract
    treatments: TreatmentsDocument
    model: ModelPart
    model_features: dict[str, str]
    types: dict[str, str]
    grades: dict[str, Any]
    concepts: dict[str, str]
    reference: dict[str, Any]
    lgd: float
    window_months: float
    figures: dict[str, Any]
    checks: dict[str, dict[str, Any]]
    wording: dict[str, Wording] = Field(default_factory=dict)
    asking: dict[str, Any] | None = None
    cautions: tuple[str, ...] = ()
    population: Population | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; without `cautions`, a population and a product where there are none."""
        plain: dict[str, Any] = self.model_dump(mode="json")
        if not self.cautions:
            del plain["cautions"]
        if self.population is None:
            del plain["population"]
        if self.strategy.product is None:
            del plain["strategy"]["product"]
        return plain


def model_part(fit: RiskFit, name: str) -> ModelPart:
    """A fitted model of the workspace, ready to be sealed."""
    from equipoise.risk import Boosted

    if name not in fit.models:
        known = ", ".join(fit.models)
        raise BadInput(
            f"there is no fitted model '{name}'",
            field="model",
            mend=f"fitted: {known}",
        )
    model = fit.models[name]
    return ModelPart.model_validate(
        {
            "kind": model.kind,
            "name": name,
            "digest": model.digest,
            "sidecar": model.sidecar(),
            "text": model.model_text if isinstance(model, Boosted) else None,
        }
    )


def content_from(data: Mapping[str, Any]) -> Content:
    """Read plain data back. Raises BadInput where it is no sealed strategy of a known edition."""
    if data.get("format") != FORMAT:
        raise BadInput("this is no sealed strategy", mend="make one with `equipoise strategy seal`")
    edition_of(data.get("edition"))
    try:
        return Content.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(key) for key in first["loc"])
        raise BadInput(
            f"the sealed strategy cannot be read: '{field}': {first['msg']}",
            field=field,
            mend="seal it again from its workspace",
        ) from error

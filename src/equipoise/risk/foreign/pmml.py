"""PMML 4.x into our card, trees or sum: scorecards, trees, sums and means of trees, regressions.

Source: the DMG's specification, http://dmg.org/pmml/v4-4-1/GeneralStructure.html. The XML is read
without entities, document types or network, and bounded. What is not read exactly is refused by its
element's name: transformations but for plain references, surrogate predicates, rescaled targets,
treatments of outliers, weighted or aggregated missing values. Extensions are passed over.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from equipoise.errors import BadInput
from equipoise.risk.foreign import ForeignModel
from equipoise.risk.foreign.pmml_fields import Dictionary
from equipoise.risk.foreign.pmml_general import general_regression
from equipoise.risk.foreign.pmml_mining import mining_model, tree_model
from equipoise.risk.foreign.pmml_regression import regression_model
from equipoise.risk.foreign.pmml_scorecard import scorecard
from equipoise.risk.foreign.pmml_xml import Element, refusal, tag

MAX_BYTES = 100_000_000
_READ = {
    "Scorecard": scorecard,
    "TreeModel": tree_model,
    "MiningModel": mining_model,
    "RegressionModel": regression_model,
    "GeneralRegressionModel": general_regression,
}
_AROUND = {
    "Header", "MiningBuildTask", "DataDictionary", "TransformationDictionary", "Extension",
}  # fmt: skip


def read(raw: bytes) -> ForeignModel:
    """The first model of the document. BadInput names what it holds that is not read exactly."""
    root = _parsed(raw)
    if tag(root) != "PMML":
        raise BadInput(f"the document is <{tag(root)}>, no PMML")
    version = root.get("version", "")
    if not version.startswith("4"):
        raise refusal(root, f"version {version or 'unknown'}", "PMML 4.x is read")
    models = [each for each in root if tag(each) not in _AROUND]
    if not models:
        raise BadInput("the PMML holds no model")
    if len(models) > 1:
        raise refusal(models[1], "a second model", "save one model to a file")
    model = models[0]
    if tag(model) not in _READ:
        raise refusal(model, f"a {tag(model)}", f"{', '.join(_READ)} are read")
    if model.get("isScorable", "true") == "false":
        raise refusal(model, "isScorable=false", "save a model that can score")
    try:
        made = _READ[tag(model)](model, Dictionary.read(root))
    except RecursionError:
        raise refusal(model, "a model of predicates nested so deep") from None
    if made.event is None:
        return made
    note = f"its probability is of the class '{made.event}': `predicts` says which outcome that is"
    return replace(made, notes=(*made.notes, note))


def _parsed(raw: bytes) -> Element:
    if len(raw) > MAX_BYTES:
        raise BadInput(f"the PMML has {len(raw):,} bytes, more than {MAX_BYTES:,}")
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise _doctype()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(f"the PMML is no well-formed XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    return root


def _doctype() -> BadInput:
    return BadInput(
        "the PMML has a document type or entities, which are not read",
        mend="take the line <!DOCTYPE ...> out: PMML needs none",
    )

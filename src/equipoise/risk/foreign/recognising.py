"""Which program wrote a model file, by its first bytes; pickles are refused by name."""

from __future__ import annotations

import json
import re
from typing import Any

from equipoise.errors import BadInput, did_you_mean
from equipoise.risk.foreign import READERS

HEAD = 65_536
_MAGIC = {
    b"\x1f\x8b": "a gzip file (joblib and R's saveRDS write such)",
    b"PK\x03\x04": "a zip file (numpy, Keras, MLflow and Excel write such)",
    b"\x89HDF": "an HDF5 file",
    b"RDX": "an R workspace",
    b"binf": "an old binary XGBoost model",
    b"CBM1": "a CatBoost binary model",
}
_TEXT_MEND = (
    "save the model as text: LightGBM `model.save_model('model.txt')`, XGBoost "
    "`model.save_model('model.json')`, a logistic regression as JSON, a scorecard as CSV or PMML"
)


def format_of(raw: bytes, name: str = "the model file") -> str:
    """A key of `READERS`. Raises BadInput for anything else, pickles and archives by name."""
    _refuse_binary(raw, name)
    text = raw[:HEAD].decode("utf-8-sig", "replace").lstrip()
    if raw[:1] == b"{" and not text.startswith('{"') and b"\x00" in raw[:64]:
        return "xgboost"  # UBJSON: lengths stand between the brace and the first key
    if re.match(r"tree\r?\n", text):
        return "lightgbm"
    if text.startswith("<"):
        return _xml(text, name)
    if text[:1] in "{[":
        return _json(raw, name)
    return _table(text, name)


def _refuse_binary(raw: bytes, name: str) -> None:
    if raw[:1] == b"\x80" and raw[1:2] in b"\x02\x03\x04\x05":
        raise BadInput(
            f"{name} is a Python pickle (joblib writes such too), which runs code when it is read",
            field="file",
            mend=_TEXT_MEND,
        )
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            raise BadInput(f"{name} is {what}, which is not read", field="file", mend=_TEXT_MEND)
    if not raw.strip():
        raise BadInput(f"{name} is empty", field="file", mend=_TEXT_MEND)


def _xml(text: str, name: str) -> str:
    if re.search(r"<(?:\w+:)?PMML\b", text):
        return "pmml"
    raise BadInput(f"{name} is XML, but no PMML", field="file", mend=_TEXT_MEND)


def _json(raw: bytes, name: str) -> str:
    try:
        data: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name} begins as JSON, but {error}", field="file") from None
    keys = set(data) if isinstance(data, dict) else set()
    if "learner" in keys:
        return "xgboost"
    if "tree_info" in keys:
        raise BadInput(
            f"{name} is what LightGBM's dump_model gives, whose numbers are not all written out",
            field="file",
            mend="save the text: `booster.save_model('model.txt')`",
        )
    if keys & {"coefficients", "coef_", "coef", "intercept", "intercept_", "params"}:
        return "logistic"
    listed = did_you_mean("", keys) if keys else "it is no mapping"
    raise BadInput(
        f"{name} is JSON of no model that is known here ({listed})", field="file", mend=_TEXT_MEND
    )


def _table(text: str, name: str) -> str:
    header = text.split("\n", 1)[0].lower()
    columns = {each.strip().strip('"').strip() for each in re.split(r"[,;\t]", header)}
    if "woe" in columns and {"variable", "bin"} <= columns and "points" in columns:
        return "optbinning"
    if columns & {"points", "score", "punkte", "puntos"}:
        return "scorecard"
    known = ", ".join(READERS)
    raise BadInput(
        f"{name} is no model file that is known here: its first line is {header[:80]!r}",
        field="file",
        mend=f"name its `format` ({known}), or {_TEXT_MEND}",
    )

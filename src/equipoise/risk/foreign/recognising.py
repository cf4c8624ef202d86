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
    b"PK\x03\x04": "a zip file (H2O's MOJO, skops, numpy, Keras and Excel write such)",
    b"BZh": "a bzip2 file (joblib writes such)",
    b"\xfd7zXZ": "an xz file (joblib writes such)",
    b"\x04\x22\x4d\x18": "an lz4 file (joblib writes such)",
    b"\x78\x9c": "a zlib file (joblib writes such)",
    b"\x78\x01": "a zlib file (joblib writes such)",
    b"\x78\xda": "a zlib file (joblib writes such)",
    b"\x93NUMPY": "a numpy array",
    b"%PDF": "a PDF",
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
    if re.match(r"booster\[0\]:?\s", text):
        raise _dump_of_xgboost(name)
    if text.startswith("<"):
        return _xml(text, name)
    if text[:1] in "{[":
        return _json(raw, name)
    return _table(text, name)


def _refuse_binary(raw: bytes, name: str) -> None:
    if _is_pickle(raw):
        raise BadInput(
            f"{name} is a Python pickle (joblib writes such too), which runs code when it is read",
            field="file",
            mend=_TEXT_MEND,
        )
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            raise BadInput(f"{name} is {what}, which is not read", field="file", mend=_TEXT_MEND)
    if _is_onnx(raw):
        raise BadInput(f"{name} is an ONNX model, which is not read", field="file", mend=_TEXT_MEND)
    if not raw.strip():
        raise BadInput(f"{name} is empty", field="file", mend=_TEXT_MEND)


def _is_pickle(raw: bytes) -> bool:
    """Protocols from 2 on begin with their number; older ones call a class, and end in a stop."""
    if raw[:1] == b"\x80" and raw[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return True
    return bool(
        re.match(rb"\(?[cdil](?:copy_reg|[\w.]+\n\w+\n)|\([dl]p\d|[\]})]q\x00", raw[:200])
    ) and (raw.rstrip()[-1:] == b".")


def _is_onnx(raw: bytes) -> bool:
    """A protocol buffer whose first field is ONNX's ir_version, and whose second names a writer."""
    return raw[:1] == b"\x08" and raw[1:2] < b"\x20" and raw[2:3] in {b"\x12", b"\x3a", b"\x42"}


def _xml(text: str, name: str) -> str:
    if re.search(r"<(?:\w+:)?PMML\b", text):
        return "pmml"
    raise BadInput(f"{name} is XML, but no PMML", field="file", mend=_TEXT_MEND)


def _json(raw: bytes, name: str) -> str:
    try:
        data: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name} begins as JSON, but {error}", field="file") from None
    if isinstance(data, list) and data and isinstance(data[0], dict) and "nodeid" in data[0]:
        raise _dump_of_xgboost(name)
    keys = set(data) if isinstance(data, dict) else set()
    if "learner" in keys:
        return "xgboost"
    if keys >= {"oblivious_trees"} or keys >= {"model_info", "scale_and_bias"}:
        raise BadInput(
            f"{name} is a CatBoost model, which is not read", field="file", mend=_TEXT_MEND
        )
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


def _dump_of_xgboost(name: str) -> BadInput:
    return BadInput(
        f"{name} is what XGBoost's dump_model gives, which lacks the base score",
        field="file",
        mend="save it whole: `booster.save_model('model.json')`",
    )


def _table(text: str, name: str) -> str:
    header = text.split("\n", 1)[0].lower()
    columns = {each.strip().strip('"').strip() for each in re.split(r"[,;\t]", header)}
    if {"variable", "bin", "points"} <= columns:
        return "optbinning"
    if columns & {"points", "score", "punkte", "puntos"}:
        return "scorecard"
    known = ", ".join(READERS)
    raise BadInput(
        f"{name} is no model file that is known here: its first line is {header[:80]!r}",
        field="file",
        mend=f"name its `format` ({known}), or {_TEXT_MEND}",
    )

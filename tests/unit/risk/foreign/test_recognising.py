"""A model file is told by its content; what runs code when it is read is refused by name."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import zipfile
import zlib

import pytest

from equipoise.errors import BadInput
from equipoise.risk.foreign.recognising import format_of


class Model:
    """Something to pickle."""


def _zip(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "x")
    return held.getvalue()


PICKLE = pickle.dumps({"coef_": [1.0]}, protocol=4)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("held", [Model(), {"a": 1}, [1, 2]])
def test_every_protocol_of_pickle_is_told(protocol: int, held: object) -> None:
    with pytest.raises(BadInput, match="pickle") as refused:
        format_of(pickle.dumps(held, protocol=protocol))
    assert "save_model('model.json')" in refused.value.mend


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (gzip.compress(PICKLE, mtime=0), "gzip"),
        (bz2.compress(PICKLE), "bzip2"),
        (lzma.compress(PICKLE), "xz"),
        (zlib.compress(PICKLE), "zlib"),
        (_zip("model.ini"), "MOJO"),
        (b"\x08\x08\x12\x08skl2onnx\x1a\x05 1.16", "ONNX"),
        (b"\x08\x0a\x3a\x99\x01", "ONNX"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"CBM1....", "CatBoost"),
        (b"binf\x00\x00\x00?", "old binary XGBoost"),
        (json.dumps({"oblivious_trees": []}).encode(), "CatBoost"),
        (json.dumps({"tree_info": []}).encode(), "dump_model"),
        (json.dumps([{"nodeid": 0, "leaf": 1.0}]).encode(), "dump_model"),
        (b"booster[0]:\n0:[f0<1] yes=1", "dump_model"),
        (b"<html></html>", "no PMML"),
        (b" \n", "empty"),
        (b"hello, world\n", "no model file"),
    ],
)
def test_what_is_not_read_is_refused_by_name(raw: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        format_of(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"tree\nversion=v4\n", "lightgbm"),
        (b"tree\r\nversion=v4\r\n", "lightgbm"),
        (b'{"learner": {}}', "xgboost"),
        (b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner{", "xgboost"),
        (b'<?xml version="1.0"?>\n<PMML version="4.4"/>', "pmml"),
        (b'\xef\xbb\xbf<p:PMML xmlns:p="x"/>', "pmml"),
        (b",Variable,Bin,Points\n", "optbinning"),
        (b",Variable,Bin id,Bin,Count,WoE,Points\n", "optbinning"),
        (b"characteristic,from,to,points\n", "scorecard"),
        (b'{"intercept": 1, "coefficients": {}}', "logistic"),
    ],
)
def test_each_format_is_told_by_its_content(raw: bytes, expected: str) -> None:
    assert format_of(raw) == expected

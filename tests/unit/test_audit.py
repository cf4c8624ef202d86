"""The audit never calls a package clean that nobody looked up."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).parents[2] / ".ci/audit.py"


def _audit() -> Any:
    spec = importlib.util.spec_from_file_location("audit", _SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CLEAN = {"name": "good", "version": "1", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}
BROKEN = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1"}, {"id": "CVE-2"}]}


def test_nothing_looked_up_proves_nothing() -> None:
    code, words = _audit().verdict({"dependencies": [UNKNOWN]})
    assert code == 0
    assert "NOTHING is proven" in words


def test_a_vulnerable_package_fails_and_is_named() -> None:
    code, words = _audit().verdict({"dependencies": [CLEAN, UNKNOWN, BROKEN]})
    assert code == 1
    assert "2 of 3" in words
    assert "bad 2: CVE-2, PYSEC-1" in words


def test_a_report_that_is_not_there_proves_nothing(tmp_path: Path, capsys: Any) -> None:
    assert _audit().main(str(tmp_path / "none.json")) == 0
    assert "NOTHING is proven" in capsys.readouterr().out

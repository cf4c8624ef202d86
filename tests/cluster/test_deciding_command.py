"""The command refuses what Spark cannot do before any Java starts."""

from __future__ import annotations

import pytest

from equipoise.cli.run import run

pytestmark = pytest.mark.no_java
ASKED = ["decide", "sealed.json", "people.csv"]


def test_spark_writes_a_folder_and_asks_for_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ASKED, "--engine", "spark"]) != 0
    assert "Spark writes a folder of answers" in capsys.readouterr().err


def test_what_is_sparks_is_not_asked_of_the_local_engine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([*ASKED, "--master", "local[2]"]) != 0
    assert "--master and --conf are Spark's" in capsys.readouterr().err

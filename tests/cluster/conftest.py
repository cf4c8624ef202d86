"""One Spark session on two processors of this machine for all of Spark's tests."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.cluster.session import session_for

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and "no_java" not in item.keywords:
            item.add_marker(pytest.mark.spark)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """`local[2]`, with its own folders; skips with one line where its parts are missing."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("Spark's tests need pyspark and Java: make test-spark")
    folder = tmp_path_factory.mktemp("spark")
    session = session_for(
        "local[2]",
        {
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.local.dir": str(folder / "local"),
            "spark.driver.extraJavaOptions": "-Dlog4j.rootLevel=ERROR",
        },
    )
    yield session
    session.stop()

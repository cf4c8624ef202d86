"""The partitions of a DataFrame as they will be a second time, and each one's own input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from equipoise.cluster.session import within
from equipoise.errors import BadInput

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PART_BYTES = 16 << 20
# Spark's splits follow its settings and the number of processors: a plan fixes them
FIXED: Mapping[str, str] = {
    "spark.sql.files.maxPartitionBytes": str(PART_BYTES),
    "spark.sql.files.openCostInBytes": str(1 << 20),
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.files.maxPartitionNum": str(2**31 - 1),
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}


def fixed_splits(session: SparkSession) -> AbstractContextManager[None]:
    """Within it files are split the same way on any cluster."""
    return within(session, FIXED)


def inputs_of(frame: DataFrame) -> list[list[str]]:
    """What each partition reads: of files path, first byte, bytes, size and time of change.

    Raises BadInput where partitions would be other ones a second time.
    """
    execution = frame._jdf.queryExecution()
    if "Adaptive" in execution.executedPlan().getClass().getSimpleName():
        raise BadInput(
            "the source is worked out by a shuffle, whose partitions are not the same a second "
            "time",
            field="SOURCE",
            mend="write it as a table first, and decide that",
        )
    return [_input_of(each) for each in execution.toRdd().partitions()]


def digest_of(inputs: Sequence[Sequence[str]]) -> str:
    """SHA-256 of what all partitions read."""
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


def _input_of(partition: Any) -> list[str]:
    if partition.getClass().getSimpleName() != "FilePartition":
        return [f"partition {partition.index()}"]
    return [
        f"{each.filePath().toString()} {each.start()}+{each.length()} of {each.fileSize()}"
        f" changed {each.modificationTime()}"
        for each in partition.files()
    ]

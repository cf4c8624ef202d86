"""A DataFrame written as one file to a partition, each known by its digest, under one manifest.

A partition's task leaves its file in a folder beside, whole or not at all; at the end of a job, and
at the beginning of the next one where a job was killed, the files that are there get their lines
and their places. The manifest is written once all have theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from equipoise.cluster.places import CLAIM, Place
from equipoise.errors import BadInput, Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MANIFEST, BEGUN, LINES, STAGING = "_manifest.json", "_begun.json", "_lines.json", "_staging"
FORMAT = "equipoise-parts"
Kind = Literal["parquet", "jsonl"]
Line = Mapping[str, Any]
_OF_SPARK = re.compile(r"part-(\d+)-.*")
# a task's file is in the folder as soon as the task has ended, and nothing else ever is
_COMMITTED_BY_TASK = {
    "mapreduce.fileoutputcommitter.algorithm.version": "2",
    "mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "maxRecordsPerFile": "0",
    # on a disk of this machine no checksum beside each file: a digest stands in the manifest
    "fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
    "fs.file.impl.disable.cache": "true",
}


@dataclass(slots=True)
class Parts:
    """The parts of one folder. `about` says what they are made of: another job's are refused."""

    session: SparkSession
    place: Place
    kind: Kind
    count: int
    about: Mapping[str, Any]
    lines: dict[int, Line]

    @classmethod
    def begun(
        cls, session: SparkSession, place: Place, kind: Kind, count: int, about: Mapping[str, Any]
    ) -> Parts:
        """Those of a new folder, or of one where a job with the same `about` left off or ended."""
        refuse_others(place, about)
        parts = cls(session, place, kind, count, about, {})
        if about_of(place) is None:
            place.write_text(BEGUN, json.dumps({"format": FORMAT, **about}, indent=2))
        parts._keep_sound(_lines_of(place))
        parts._take_in()
        return parts

    @property
    def missing(self) -> list[int]:
        """The parts that have no line."""
        return [at for at in range(self.count) if at not in self.lines]

    def write(self, frame: DataFrame) -> None:
        """Write the partitions of `frame`, which has rows in those alone that are missing."""
        writer = frame.write.options(**_COMMITTED_BY_TASK).mode("append")
        if self.kind == "parquet":
            writer.option("compression", "zstd").parquet(self.place.at(STAGING))
        else:
            writer.text(self.place.at(STAGING))
        self._take_in()
        for at in self.missing:  # nobody is in them
            self.lines[at] = {"part": at, "file": None, "rows": 0, "sha256": None, "outcomes": {}}

    def finish(self, more: Mapping[int, list[str]]) -> None:
        """The manifest, with what each part was made of; nothing else stays beside the parts."""
        listed = [{**self.lines[at], "input": more[at]} for at in range(self.count)]
        document = {"format": FORMAT, **self.about, "parts": listed}
        self.place.write_text(MANIFEST, json.dumps(document, indent=2) + "\n")
        for name in (LINES, BEGUN, STAGING):
            self.place.remove(name)

    def forget(self) -> None:
        """Take away what a job began that has nothing to write."""
        for name in (MANIFEST, LINES, BEGUN, STAGING):
            self.place.remove(name)

    def _name(self, at: int) -> str:
        return f"part-{at:05d}.{self.kind}"

    def _keep_sound(self, lines: Mapping[int, Line]) -> None:
        """Keep the lines whose files are there as they were written; take other parts away."""
        there = {name for name in self.place.names() or () if name.startswith("part-")}
        digests = _digests(self.session, self.place.path, there)
        for at, line in lines.items():
            if line["file"] is None or digests.get(line["file"]) == line["sha256"]:
                self.lines[at] = line
        kept = {line["file"] for line in self.lines.values()}
        for name in there - kept:
            self.place.remove(name)

    def _take_in(self) -> None:
        """Give what tasks have left a line and a place."""
        staging = Place(self.session, self.place.at(STAGING))
        left = {
            name: int(match[1])
            for name in staging.names() or ()
            if (match := _OF_SPARK.fullmatch(name)) and int(match[1]) in self.missing
        }
        if left:
            digests = _digests(self.session, staging.path, left)
            outcomes = _outcomes(self.session, staging.path, left, self.kind)
            by_part = {at: name for name, at in left.items()}
            for at, name in by_part.items():
                counts = outcomes.get(name, {})
                if counts:
                    self.lines[at] = {
                        "part": at,
                        "file": self._name(at),
                        "rows": sum(counts.values()),
                        "sha256": digests[name],
                        "outcomes": counts,
                    }
            self.place.write_text(LINES, json.dumps([*self.lines.values()]))
            for at, name in by_part.items():
                if at in self.lines:
                    self.place.replace(f"{STAGING}/{name}", self._name(at))
        self.place.remove(STAGING)


def about_of(place: Place) -> dict[str, Any] | None:
    """What the folder's parts are made of, where there are any."""
    names = place.names() or []
    for name in (MANIFEST, BEGUN):
        if name in names:
            try:
                document = json.loads(place.read_text(name))
            except ValueError:
                continue
            if isinstance(document, dict) and document.get("format") == FORMAT:
                return {k: v for k, v in document.items() if k not in ("format", "parts")}
    return None


def refuse_others(place: Place, about: Mapping[str, Any]) -> None:
    """Raises BadInput where something else stands in the folder, or parts of another job."""
    names = [each for each in place.names() or [] if each != CLAIM and not each.startswith(".")]
    theirs = about_of(place)
    if theirs is None:
        if names:
            raise _unfit(place, f"something else stands in the folder: '{names[0]}'")
        return
    for key, value in about.items():
        if theirs.get(key) != value:
            said = f"{theirs.get(key)}"[:60]
            raise _unfit(place, f"the folder holds answers of another {key}: {said}")


def _unfit(place: Place, what: str) -> BadInput:
    mend = "name another folder, or empty this one"
    return BadInput(what, where=Span(place.path), field="--output", mend=mend)


def _lines_of(place: Place) -> dict[int, Line]:
    names = place.names() or []
    lines: list[Line] = []
    for name, listed in ((MANIFEST, "parts"), (LINES, None)):
        if name in names:
            document = json.loads(place.read_text(name))
            lines += document[listed] if listed else document
    return {line["part"]: {k: v for k, v in line.items() if k != "input"} for line in lines}


def _digests(
    session: SparkSession, folder: str, names: Mapping[str, int] | set[str]
) -> dict[str, str]:
    """SHA-256 of files, worked out where the workers are."""
    if not names:
        return {}
    from pyspark.sql import functions as fn

    read = session.read.format("binaryFile").load([f"{folder}/{name}" for name in names])
    rows = read.select("path", fn.sha2("content", 256).alias("digest")).collect()
    return {row.path.rsplit("/", 1)[1]: row.digest for row in rows}


def _outcomes(
    session: SparkSession, folder: str, names: Mapping[str, int], kind: Kind
) -> dict[str, dict[str, int]]:
    """How many rows of each outcome stand in each file."""
    from pyspark.sql import functions as fn

    paths = [f"{folder}/{name}" for name in names]
    if kind == "parquet":
        read, outcome = session.read.schema("outcome string").parquet(*paths), fn.col("outcome")
    else:
        read, outcome = session.read.text(paths), fn.get_json_object("value", "$.outcome")
    rows = read.select(outcome.alias("outcome"), fn.col("_metadata.file_name").alias("file_name"))
    by_file: dict[str, dict[str, int]] = {}
    for row in rows.groupBy("file_name", "outcome").count().collect():
        by_file.setdefault(row["file_name"], {})[row["outcome"]] = row["count"]
    return {name: dict(sorted(counts.items())) for name, counts in by_file.items()}

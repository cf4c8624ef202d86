"""Reading XES event logs (IEEE 1849) as a stream, in memory bounded by what is kept of them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import polars as pl
from lxml import etree

from equipoise.contract.times import read_times
from equipoise.errors import BadInput, Span
from equipoise.progress import Progress, Silent

_GZIP = b"\x1f\x8b"
_TYPES = {"int": pl.Int64, "float": pl.Float64, "boolean": pl.Boolean}
_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_ADVANCE_EVERY = 500  # traces
CASE, ACTIVITY, TIME = "concept:name", "concept:name", "time:timestamp"
LIFECYCLE, RESOURCE = "lifecycle:transition", "org:resource"


@dataclass(slots=True)
class RawLog:
    """A log as written: parallel lists over events, and one mapping of attributes per case."""

    case: list[str] = field(default_factory=list)
    activity: list[str] = field(default_factory=list)
    time: list[str] = field(default_factory=list)
    lifecycle: list[str | None] = field(default_factory=list)
    resource: list[str | None] = field(default_factory=list)
    cases: list[dict[str, str]] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)


def is_xes(path: Path) -> bool:
    """Whether the name says XES, packed with gzip or not."""
    return path.name.lower().endswith((".xes", ".xes.gz"))


def read_xes(path: Path, progress: Progress | None = None) -> RawLog:
    """Read a log. Raises BadInput naming the line of what is malformed.

    Entities, document types, external references and very deep or long nodes are refused.
    """
    log = RawLog()
    size = path.stat().st_size or 1
    with (progress or Silent()).step(f"Reading {path.name}") as step, path.open("rb") as packed:
        try:
            stream = gzip.GzipFile(fileobj=packed) if _is_packed(packed) else packed
            for _ in _traces(stream, log, path):
                if len(log.cases) % _ADVANCE_EVERY == 0:
                    step.advance(packed.tell(), size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise BadInput(
                f"the gzip file is cut short or damaged, after {len(log.cases):,} whole cases",
                where=Span(str(path)),
                mend="copy the file again",
            ) from None
        except etree.XMLSyntaxError as error:
            raise _malformed(path, error) from None
    if not log.case:
        raise BadInput("the log holds no event", where=Span(str(path)), mend="export it again")
    return log


def case_frame(log: RawLog) -> pl.DataFrame:
    """One row per case: `case` and its attributes, in the types that the log declares."""
    names = [name for name in log.types if name != CASE]
    columns = [pl.Series("case", [case[CASE] for case in log.cases], dtype=pl.String)]
    for name in names:
        text = pl.Series(name, [case.get(name) for case in log.cases], dtype=pl.String)
        columns.append(_typed(text, log.types[name]))
    return pl.DataFrame(columns)


def _typed(text: pl.Series, tag: str) -> pl.Series:
    if tag == "date":
        return read_times(text)[0]
    if tag == "boolean":
        return text.str.to_lowercase() == "true"
    return text.cast(_TYPES[tag], strict=False) if tag in _TYPES else text


def _is_packed(file: IO[bytes]) -> bool:
    head = file.read(2)
    file.seek(0)
    return head == _GZIP


def _traces(stream: IO[bytes] | gzip.GzipFile, log: RawLog, path: Path) -> Iterator[None]:
    """Move each event and trace into `log`, and drop it from the tree as soon as it ends."""
    parser = etree.iterparse(
        stream,
        events=("end",),
        tag=("{*}event", "{*}trace"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    first = True
    for _, node in parser:
        if first:
            _refuse_document_type(node, path)
            first = False
        if _local(node) == "event":
            _take_event(node, log, path)
            _drop_before(node, "event")
        else:
            _take_case(node, log, path)
            node.clear()
            _drop_before(node, "")
            yield


def _refuse_document_type(node: Any, path: Path) -> None:
    if node.getroottree().docinfo.doctype:
        raise BadInput(
            "the file declares a document type, which a log never needs",
            where=Span(str(path), 1),
            mend="take the DOCTYPE out; it can be made to expand without bound",
        )


def _local(node: Any) -> str:
    tag: str = node.tag
    return tag[tag.rfind("}") + 1 :]


def _drop_before(node: Any, kind: str) -> None:
    """Remove siblings already read; the current node must stay until the parser has left it."""
    parent, before = node.getparent(), node.getprevious()
    while before is not None and (not kind or _local(before) == kind):
        parent.remove(before)
        before = node.getprevious()


def _attributes(node: Any) -> Iterator[tuple[str, str, str]]:
    """Tag, key and value of each simple attribute right below `node`."""
    for child in node:
        tag = _local(child)
        key, value = child.get("key"), child.get("value")
        if tag in _ATTRIBUTES and key is not None and value is not None:
            yield tag, key, value


def _take_event(node: Any, log: RawLog, path: Path) -> None:
    trace = node.getparent()
    if trace is None or _local(trace) != "trace":
        raise _incomplete(path, node, "an event stands outside any trace", "put it into its trace")
    given = {child.get("key"): child.get("value") for child in node}
    for key in (ACTIVITY, TIME):
        if given.get(key) is None:
            raise _incomplete(path, node, f"an event has no '{key}'", "export the log with it")
    log.activity.append(given[ACTIVITY])
    log.time.append(given[TIME])
    log.lifecycle.append(given.get(LIFECYCLE))
    log.resource.append(given.get(RESOURCE))
    node.clear()


def _take_case(node: Any, log: RawLog, path: Path) -> None:
    case: dict[str, str] = {}
    for tag, key, value in _attributes(node):
        case[key] = value
        if log.types.setdefault(key, tag) != tag:
            log.types[key] = "string"
    if CASE not in case:
        raise _incomplete(path, node, f"a trace has no '{CASE}'", "give every case a name")
    # a trace ends after its events: those without a case so far are its own
    log.case.extend([case[CASE]] * (len(log.activity) - len(log.case)))
    log.cases.append(case)


def _incomplete(path: Path, node: Any, message: str, mend: str) -> BadInput:
    return BadInput(message, where=Span(str(path), node.sourceline), mend=mend)


def _malformed(path: Path, error: etree.XMLSyntaxError) -> BadInput:
    line, column = error.position
    reason = str(error.msg or "it ends too early").split(", line ")[0]
    return BadInput(
        f"the file is not well-formed XML: {reason}",
        where=Span(str(path), line or None, column or None),
        mend="copy or export the log again",
    )

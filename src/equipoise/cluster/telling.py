"""What went wrong on a worker, told at the driver as any other fault."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from equipoise.errors import BadInput, EquipoiseError, GateRefused, Span

Item = TypeVar("Item")
_KINDS: dict[str, type[EquipoiseError]] = {"BadInput": BadInput, "GateRefused": GateRefused}
_MARK = "equipoise told:"
_REFUSED_BY_QUERY = re.compile(
    r"\[USER_RAISED_EXCEPTION\] (('[^\n]*?' is |the identifier is )[^\n]*)"
)
_TOLD = re.compile(re.escape(_MARK) + r"(\{.*\})")


def telling(work: Callable[..., Iterator[Item]]) -> Callable[..., Iterator[Item]]:
    """What a worker runs, so that its refusals reach the driver whole."""

    @wraps(work)
    def told(*arguments: Any) -> Iterator[Item]:
        try:
            yield from work(*arguments)
        except EquipoiseError as error:
            raise RuntimeError(_MARK + json.dumps(error.as_dict())) from None

    return told


@contextmanager
def told_plainly(doing: str) -> Iterator[None]:
    """Errors of Spark as ours: a worker's refusal as it was raised, everything else as one line.

    `doing` says what was under way, as "deciding". Raises the worker's BadInput or GateRefused;
    BadInput where a worker lacks a package; EquipoiseError otherwise, in Spark's own words.
    """
    try:
        yield
    except EquipoiseError:
        raise
    except Exception as error:
        if not _is_sparks(error):
            raise
        raise _ours(str(error), doing) from error


def _is_sparks(error: Exception) -> bool:
    home = type(error).__module__
    return home.startswith(("pyspark.", "py4j."))


def _ours(text: str, doing: str) -> EquipoiseError:
    match = _TOLD.search(text)
    if match is not None:
        return _from_dict(json.loads(match[1]))
    missing = re.search(r"ModuleNotFoundError: No module named '([\w.]+)'", text)
    if missing is not None:
        return BadInput(
            f"a worker has no package '{missing[1]}'",
            field="--engine",
            mend="send it to the workers: see the how-to 'from a laptop to a cluster'",
        )
    # a query of ours refuses a row so, naming field, value and application
    raised = re.search(
        r"\[USER_RAISED_EXCEPTION\] (('[^\n]*?' is |the identifier is )[^\n]*)", text
    )
    if raised is not None:
        mend = "give what it should be, or leave it empty where it is not known"
        return BadInput(raised[1].split(" SQLSTATE")[0], mend=mend)
    if "Python worker exited unexpectedly" in text:
        return EquipoiseError(
            f"a worker died while {doing}, more often than Spark tries again",
            mend="give workers more memory (spark.executor.memoryOverhead), or see their log",
        )
    return EquipoiseError(f"Spark failed while {doing}: {_last_words(text)}")


def _from_dict(plain: dict[str, Any]) -> EquipoiseError:
    file = plain.get("file")
    where = None if file is None else Span(file, plain["line"], plain["column"], plain["row"])
    kind = _KINDS.get(plain["error"], EquipoiseError)
    if plain["error"] not in _KINDS and plain["error"] != "EquipoiseError":
        kind = BadInput  # a kind of its own that a worker raised, as that of a broken seal
    return kind(plain["message"], where=where, field=plain["field"] or "", mend=plain["mend"] or "")


def _last_words(text: str) -> str:
    """The line that says what was wrong, of a trace over two languages."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # Spark's own condition, as [DIVIDE_BY_ZERO] Division by zero; else the innermost cause
    named = [line for line in lines if re.match(r"\[[A-Z][A-Z0-9_.]+\] ", line)]
    causes = [line for line in lines if re.match(r"(Caused by: )?[\w.]+(Error|Exception)\b", line)]
    return (named[:1] or causes[-1:] or lines[:1] or ["it does not say why"])[0][:400]

"""Lists of categories as numpy and pandas print them into a cell, read back or refused."""

from __future__ import annotations

import ast
import re

from equipoise.errors import BadInput

_PANDAS = re.compile(
    r"<\w*Array>\s*\[(.*)\]\s*Length: (\d+), dtype: \w+.*|<\w*Array>\s*\[(.*)\]\s*", re.DOTALL
)
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_NUMPY = re.compile(rf"\[\s*(?:{_QUOTED})(?:[\s,]+(?:{_QUOTED}))*[\s,]*\]", re.DOTALL)
_PLAIN = re.compile(r"\[\s*[-+.\w]+(?:[\s,]+[-+.\w]+)*[\s,]*\]")
_CUT = re.compile(r"(?:^|[\s,])\.\.\.(?:$|[\s,])")


def is_array(text: str) -> bool:
    """Whether a cell looks like a printed list and not like an interval, which ends in ")"."""
    return text.endswith("]") or text.startswith("<")


def printed_texts(text: str, what: str) -> tuple[str, ...]:
    """The list's members as texts. BadInput, named by `what`, where the print is cut or unclear."""
    pandas = _PANDAS.fullmatch(text)
    body = (pandas[1] or pandas[3] or "") if pandas else text.strip("[]")
    if _CUT.search(re.sub(_QUOTED, "", body)):
        raise BadInput(
            f"{what}: the list of categories was cut off when it was printed ({text[:60]!r})",
            field="Bin",
            mend="write the whole list into the cell, as ['A' 'B']",
        )
    if pandas:
        return _of_pandas(body, pandas[2], what)
    if _NUMPY.fullmatch(text):
        return tuple(str(ast.literal_eval(each)) for each in re.findall(_QUOTED, text))
    if _PLAIN.fullmatch(text):
        return tuple(_plain(each) for each in re.split(r"[\s,]+", body.strip(" \n,")))
    raise BadInput(
        f"{what}: the list of categories cannot be read back ({text[:60]!r})",
        field="Bin",
        mend="write it as ['A' 'B']",
    )


def _of_pandas(body: str, length: str | None, what: str) -> tuple[str, ...]:
    """pandas quotes without escaping: members are what stands between `', '`, and are counted."""
    inside = body.strip().rstrip(",")
    if inside[:1] == inside[-1:] == "'" and len(inside) > 1:
        members = tuple(re.split(r"',\s+'", inside[1:-1]))
    else:
        members = tuple(_plain(each) for each in re.split(r",\s+", inside))
    if length is not None and len(members) != int(length):
        raise BadInput(
            f"{what}: the list of categories has {length} members and reads as {len(members)}",
            field="Bin",
            mend="write it as ['A' 'B']",
        )
    return members


def _plain(text: str) -> str:
    """A number or word without quotes; numpy prints 1.0 as "1."."""
    return text[:-2] if text.endswith(".0") else text.rstrip(".")

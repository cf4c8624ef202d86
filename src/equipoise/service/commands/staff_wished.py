"""How many underwriters are wished for, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from equipoise.errors import BadInput

_WISH = re.compile(r"(?:(planned)([+-]\d+)?|(\d+))")


@dataclass(frozen=True, slots=True)
class Wished:
    """So many people, or so many `more` than are planned (`people` None)."""

    people: int | None
    more: int = 0


def wished(text: str) -> Wished:
    """`3`, `planned`, `planned-2`. Raises BadInput."""
    read = _WISH.fullmatch(text)
    if read is None:
        raise BadInput(
            f"'{text}' says of no number of underwriters",
            field="--underwriters",
            mend="say a number, `planned`, or `planned-2` for two fewer",
        )
    if read[1]:
        return Wished(None, int(read[2] or 0))
    return Wished(int(read[3]))

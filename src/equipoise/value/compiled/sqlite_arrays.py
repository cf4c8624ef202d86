"""Arrays of doubles for SQLite, which has none: a blob of digits, as wide for each number.

SQLite's own reading of decimals may miss by a bit, so a number stands as a whole one, which is
read exactly, and a power of two.
"""

from __future__ import annotations

from collections.abc import Sequence

_DIGITS, _POWER = 17, 4
_WIDTH = _DIGITS + _POWER
_MOST = 180  # a power of two that `power_of_two` knows


def packed(values: Sequence[float]) -> str:
    """An array of exactly these doubles. Raises ValueError below about 1e-38."""
    return f"X'{''.join(map(_packed, values)).encode().hex()}'"


def _packed(value: float) -> str:
    whole, under = float(value).as_integer_ratio()
    power = 1 - under.bit_length()
    while abs(whole) >= 2**53:  # a whole double above 2**53 ends in zeros
        whole, power = whole // 2, power + 1
    if abs(power) > _MOST:
        raise ValueError(f"{value!r} has no place in an array of SQLite's")
    return f"{whole:+0{_DIGITS}d}{power:+0{_POWER}d}"


def packed_entry(array: str, place: str) -> str:
    """The double at a place, from 0; NULL where there is none."""
    start = f"{place} * {_WIDTH} + 1"
    return f"({_whole(array, start, _DIGITS)} * 1.0 * {_scale(array, start)})"


def _scale(array: str, start: str) -> str:
    return f"({power_of_two(_whole(array, f'{start} + {_DIGITS}', _POWER))})"


def _whole(array: str, start: str, width: int) -> str:
    return f"CAST(CAST(SUBSTR({array}, {start}, {width}) AS TEXT) AS INTEGER)"


def power_of_two(exponent: str) -> str:
    """Two to a whole power, up to 180 either way, by shifted bits."""
    size = f"ABS({exponent})"
    parts = [
        f"(1 << MIN({size}, 60))",
        f"(1 << MIN(MAX({size} - 60, 0), 60))",
        f"(1 << MIN(MAX({size} - 120, 0), 60))",
    ]
    whole = f"(1.0 * {' * '.join(parts)})"
    return f"CASE WHEN {exponent} < 0 THEN 1.0 / {whole} ELSE {whole} END"

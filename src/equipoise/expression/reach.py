"""How large and how small a number can become: proof that arithmetic stays finite.

Engines differ where double precision ends: some give infinity, PostgreSQL raises, both on overflow
and on underflow. So the language has a domain. A field counts as missing above `LARGEST` in
magnitude (and when it is NaN), and as zero below `SMALLEST`; from there every operation's result
is bounded in powers of two, and an expression that could leave double precision is refused when
it is compiled. No back end then meets an infinity, a NaN or an engine's range error.
"""

from __future__ import annotations

from dataclasses import dataclass

# 10^22 is the largest power of ten that a double holds exactly, so every engine reads it alike.
LARGEST = 1e22
SMALLEST = 1e-22

_MOST_EXPONENT = 1023
# of the least normal double -1022; two more, so that the smallest double of all is below half a
# unit in the last place of any value
_LEAST_EXPONENT = -1020
_MANTISSA_BITS = 52


@dataclass(frozen=True, slots=True)
class Reach:
    """Bounds of a value v: v = 0, or 2**least <= |v| <= 2**most; v is a multiple of 2**grain."""

    most: int
    least: int
    grain: int

    @property
    def is_finite(self) -> bool:
        """True where no double of this reach overflows or underflows."""
        return self.most <= _MOST_EXPONENT and min(self.least, self.grain) >= _LEAST_EXPONENT

    def plus(self, other: Reach) -> Reach:
        """Bounds of a sum or a difference; cancellation leaves a multiple of the finer grain."""
        grain = min(self.grain, other.grain)
        return Reach(max(self.most, other.most) + 1, grain, grain)

    def times(self, other: Reach) -> Reach:
        """Bounds of a product."""
        least = self.least + other.least
        return Reach(self.most + other.most, least, least - _MANTISSA_BITS)

    def over(self, other: Reach) -> Reach:
        """Bounds of a quotient; a zero divisor gives NULL and so is not a value."""
        least = self.least - other.most
        return Reach(self.most - other.least, least, least - _MANTISSA_BITS)

    def either(self, other: Reach) -> Reach:
        """Bounds of a value that is one of two."""
        return Reach(
            max(self.most, other.most),
            min(self.least, other.least),
            min(self.grain, other.grain),
        )


FIELD = Reach(74, -74, -74 - _MANTISSA_BITS)  # 2**-74 < SMALLEST, LARGEST < 2**74
DAYS = Reach(22, 0, 0)  # between any two dates of the years 1 to 9999


def of_constant(value: float) -> Reach:
    """Exact bounds of one finite number."""
    if value == 0:
        return Reach(0, 0, 0)
    numerator, denominator = abs(value).as_integer_ratio()
    most = numerator.bit_length() - denominator.bit_length() + 1
    twos = (numerator & -numerator).bit_length() - 1
    return Reach(most, most - 2, twos - (denominator.bit_length() - 1))

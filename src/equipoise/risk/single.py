"""float32 logarithms and exponentials as glibc computes them, whatever the machine.

XGBoost turns a margin into a probability by `expf`, and the base score into a margin by `logf`.
Rounding a float64 exponential to float32 differs from `expf` in one value of some thousand; these
follow the algorithm that glibc has used since 2.27 (ARM Optimized Routines, `expf.c` and `logf.c`,
MIT), so that probabilities are the same to the bit.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

from equipoise.numeric.arrays import Array, FloatArray

_PARTS = 32
_hex = float.fromhex


def _powers() -> FloatArray:
    with localcontext() as context:
        context.prec = 40
        return np.array([float(Decimal(2) ** (Decimal(at) / _PARTS)) for at in range(_PARTS)])


_POWERS = _powers()  # 2**(i/32)
_PER_LN2 = _hex("0x1.71547652b82fep+0") * _PARTS
_EXP = (
    _hex("0x1.c6af84b912394p-5") / _PARTS**3,
    _hex("0x1.ebfce50fac4f3p-3") / _PARTS**2,
    _hex("0x1.62e42ff0c52d6p-1") / _PARTS,
)
_LN2 = _hex("0x1.62e42fefa39efp-1")
_LOG = (
    _hex("-0x1.00ea348b88334p-2"),
    _hex("0x1.5575b0be00b6ap-2"),
    _hex("-0x1.ffffef20a4123p-2"),
)
# 1/c and ln c at 16 points c of the binade around 1
_INVERSES = np.array([
    _hex(each) for each in (
        "0x1.661ec79f8f3bep+0", "0x1.571ed4aaf883dp+0", "0x1.49539f0f010bp+0",
        "0x1.3c995b0b80385p+0", "0x1.30d190c8864a5p+0", "0x1.25e227b0b8eap+0",
        "0x1.1bb4a4a1a343fp+0", "0x1.12358f08ae5bap+0", "0x1.0953f419900a7p+0",
        "0x1p+0", "0x1.e608cfd9a47acp-1", "0x1.ca4b31f026aap-1",
        "0x1.b2036576afce6p-1", "0x1.9c2d163a1aa2dp-1", "0x1.886e6037841edp-1",
        "0x1.767dcf5534862p-1",
    )
])  # fmt: skip
_LOGARITHMS = np.array([
    _hex(each) for each in (
        "-0x1.57bf7808caadep-2", "-0x1.2bef0a7c06ddbp-2", "-0x1.01eae7f513a67p-2",
        "-0x1.b31d8a68224e9p-3", "-0x1.6574f0ac07758p-3", "-0x1.1aa2bc79c81p-3",
        "-0x1.a4e76ce8c0e5ep-4", "-0x1.1973c5a611cccp-4", "-0x1.252f438e10c1ep-5",
        "0x0p+0", "0x1.aa5aa5df25984p-5", "0x1.c5e53aa362eb4p-4",
        "0x1.526e57720db08p-3", "0x1.bc2860d22477p-3", "0x1.1058bc8a07ee1p-2",
        "0x1.4043057b6ee09p-2",
    )
])  # fmt: skip
_OFFSET = np.uint32(0x3F330000)
_HALF_ULP = np.float32(1e-16)  # XGBoost's own guard in the denominator
_HIGHEST = np.float32(88.7)  # and its bound on the exponent


def exp32(values: Array) -> Array:
    """e to the power of float32 values in -87..88.7, as float32; NaN stays NaN."""
    known = np.where(np.isnan(values), np.float32(0), values)
    scaled = _PER_LN2 * known.astype(np.float64)
    nearest = np.rint(scaled)
    rest, whole = scaled - nearest, nearest.astype(np.int64)
    power = np.ldexp(_POWERS[whole % _PARTS], whole // _PARTS)
    high = _EXP[0] * rest + _EXP[1]
    series = high * (rest * rest) + (_EXP[2] * rest + 1)
    return np.where(np.isnan(values), np.float32(np.nan), (series * power).astype(np.float32))


def log32(value: float) -> float:
    """The natural logarithm of a positive, normal float32 value, rounded as float32."""
    if value == 1.0:
        return 0.0
    bits = np.array([value], dtype=np.float32).view(np.uint32)
    shifted = bits - _OFFSET
    place = (shifted >> np.uint32(19)) % np.uint32(16)
    exponent = (shifted.view(np.int32) >> np.int32(23)).astype(np.float64)
    scaled = (bits - (shifted & np.uint32(0xFF800000))).view(np.float32).astype(np.float64)
    rest = scaled * _INVERSES[place] - 1
    start = _LOGARITHMS[place] + exponent * _LN2
    square = rest * rest
    series = _LOG[0] * square + (_LOG[1] * rest + _LOG[2])
    return float((series * square + (start + rest)).astype(np.float32)[0])


def sigmoid32(margins: FloatArray) -> FloatArray:
    """XGBoost's probability of each margin (float32 numbers held in float64): its `Sigmoid`."""
    single = np.asarray(margins).astype(np.float32)
    # below -87 its exponential is subnormal, and nothing beside 1
    power = exp32(np.clip(-single, np.float32(-87), _HIGHEST))
    return np.asarray(1 / (power + np.float32(1) + _HALF_ULP), dtype=np.float64)


def logit32(probability: float) -> float:
    """XGBoost's margin of a base score in float32: -ln(1/p - 1)."""
    single = np.float32(probability)
    return -log32(float(np.float32(1) / single - np.float32(1)))

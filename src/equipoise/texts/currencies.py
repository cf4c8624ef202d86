"""How many decimals amounts of a currency have: what its minor unit is."""

from __future__ import annotations

from collections.abc import Mapping

_USUAL = 2
# Those whose minor unit is not a hundredth. Source: ISO 4217, list one, as amended to 2024.
_WHOLE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
          "VUV", "XAF", "XOF", "XPF")  # fmt: skip
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_OTHERS: Mapping[str, int] = {**dict.fromkeys(_WHOLE, 0), **dict.fromkeys(_THOUSANDTHS, 3)}


def decimals(currency: str) -> int:
    """The decimals of amounts in the currency, by its ISO code; two where it is none."""
    return _OTHERS.get(currency.upper(), _USUAL)


def named(currency: str) -> str:
    """The currency as it stands beside an amount: nothing where a contract says `money` alone."""
    return "" if currency.lower() == "money" else currency

"""Capital of a book under the internal ratings based approach, loan by loan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.risk import AssetClass, capital_requirement, defaulted_capital, risk_weight

CLASSES: tuple[AssetClass, ...] = get_args(AssetClass)


@dataclass(frozen=True, slots=True)
class IrbLoans:
    """What IRB asks of each loan, (n,) columns: `asset_class` by its name, shares as fractions.

    `maturity` is in years and `sales` in million EUR (NaN: no small firm); both matter to firms
    alone. `best_estimate` is the share of a defaulted exposure that is expected to be lost.
    """

    asset_class: Array
    pd: FloatArray
    lgd: FloatArray
    exposure: FloatArray
    maturity: FloatArray
    sales: FloatArray
    defaulted: BoolArray
    best_estimate: FloatArray


@dataclass(frozen=True, slots=True)
class IrbFloors:
    """The least PD and LGD that a jurisdiction allows, as fractions."""

    pd: float = 0.0
    lgd: float = 0.0


@dataclass(frozen=True, slots=True)
class IrbCapital:
    """Per loan: K per unit of exposure, risk-weighted assets, and expected loss in money."""

    k: FloatArray
    risk_weighted: FloatArray
    expected_loss: FloatArray

    @property
    def required(self) -> float:
        """The 8 per cent of all risk-weighted assets, in money."""
        return float(self.risk_weighted.sum()) * 0.08


def irb_capital(loans: IrbLoans, floors: IrbFloors | None = None) -> IrbCapital:
    """K, risk-weighted assets and expected loss of each loan. Raises BadInput for a class unknown.

    Source: Basel Framework, CRE31 and CRE35.
    """
    floors = floors or IrbFloors()
    pd = np.where(loans.defaulted, 1.0, np.maximum(loans.pd, floors.pd))
    lgd = np.maximum(loans.lgd, floors.lgd)
    k = np.where(loans.defaulted, defaulted_capital(lgd, loans.best_estimate), 0.0)
    for name, here in by_class(loans.asset_class):
        of_class = here & ~loans.defaulted
        k[of_class] = capital_requirement(
            pd[of_class],
            lgd[of_class],
            name,
            maturity=loans.maturity[of_class],
            sales=loans.sales[of_class],
        )
    lost = np.where(loans.defaulted, loans.best_estimate, pd * lgd)
    return IrbCapital(
        k=k,
        risk_weighted=np.asarray(risk_weight(k) * loans.exposure),
        expected_loss=np.asarray(lost * loans.exposure),
    )


def by_class(names: Array) -> Iterator[tuple[AssetClass, BoolArray]]:
    """The classes that there are, and where. Raises BadInput for one unknown.

    A comparison for each class is many times faster than looking for different names.
    """
    known = np.zeros(names.size, dtype=bool)
    for each in CLASSES:
        here = np.asarray(names == each)
        if here.any():
            known |= here
            yield each, here
    if not known.all():
        name = str(names[~known][0])
        raise BadInput(
            f"'{name}' is no asset class of the internal ratings based approach",
            field="asset_class",
            mend=did_you_mean(name, CLASSES),
        )

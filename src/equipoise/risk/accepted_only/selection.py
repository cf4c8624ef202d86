"""A bound in the manner of Heckman: what unseen reasons for booking would say of those left out.

Whether an applicant is booked and whether the loan goes bad follow two normal indices whose unseen
parts correlate by rho (Heckman 1979, Econometrica 47; for two yes-or-no outcomes Van de Ven and Van
Praag 1981, Journal of Econometrics 17). Below zero, the lender's unseen reasons kept out the worse.
Without a fact that moves booking and not default, data cannot tell rho; so a range is tried.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from equipoise.numeric.arrays import FloatArray

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
ROUNDS = 60
WIDEST = 9.0
LEAST_CHANCE = 0.005


def bivariate_normal(a: FloatArray, b: FloatArray, rho: float) -> FloatArray:
    """P(X <= a, Y <= b) of standard normals with correlation `rho`, |rho| < 0.95; shapes broadcast.

    Source: Plackett 1954 (the derivative by rho is the density), integrated over the arcsine of
    rho as in Drezner and Wesolowsky 1990, by 24 Gauss-Legendre nodes.
    """
    end = np.arcsin(rho)
    joint = ndtr(a) * ndtr(b)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        angle = end * (node + 1) / 2
        inside = (a * a + b * b - 2 * a * b * np.sin(angle)) / (2 * np.cos(angle) ** 2)
        joint = joint + weight * end / 2 * np.exp(-inside) / (2 * np.pi)
    return np.asarray(np.clip(joint, 0.0, 1.0))


def pd_if_not_booked(pd: FloatArray, booked: FloatArray, rho: float) -> FloatArray:
    """PD of applicants who were not booked, (n,), given what booked ones like them show.

    `pd` is P(bad | facts, booked), as a model of booked loans gives it, `booked` P(booked | facts).
    The index of default that gives `pd` among the booked is found by bisection, applicant by
    applicant; then P(bad | not booked) = (P(bad) - P(bad, booked)) / (1 - P(booked)).
    """
    chance = np.clip(booked, LEAST_CHANCE, 1 - LEAST_CHANCE)
    index, target = ndtri(chance), np.clip(pd, 1e-9, 1 - 1e-9) * chance
    low, high = np.full(pd.size, -WIDEST), np.full(pd.size, WIDEST)
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        under = bivariate_normal(middle, index, rho) < target
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray(np.clip((ndtr(low) - target) / (1 - chance), 0.0, 1.0))

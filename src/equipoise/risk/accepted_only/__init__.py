"""Outcomes known for booked loans alone: what those who were not booked may hold."""

from equipoise.risk.accepted_only.inference import Inferred, inferred_pds
from equipoise.risk.accepted_only.selection import bivariate_normal, pd_if_not_booked

__all__ = ["Inferred", "bivariate_normal", "inferred_pds", "pd_if_not_booked"]

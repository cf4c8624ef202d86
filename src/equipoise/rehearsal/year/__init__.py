"""A year in a day: months of a lender delivered one by one to a service that runs, and what is true
of it at the end.

Nothing here knows the service's inside: months are files, and what happened is handed in.
"""

from equipoise.rehearsal.year.account import (
    AlertEnd,
    Deed,
    RunClock,
    YearAccount,
    dishonest,
    undefined,
)
from equipoise.rehearsal.year.months import HISTORY, Months, exposures

__all__ = [
    "HISTORY",
    "AlertEnd",
    "Deed",
    "Months",
    "RunClock",
    "YearAccount",
    "dishonest",
    "exposures",
    "undefined",
]

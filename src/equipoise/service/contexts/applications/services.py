"""Taking an application from a request to its next step: what may stand in it, whose it is, which
strategy decides it, what it holds by now, and its row after the step.

Whoever appends a step hands the row to the writer with it: one that is `begun` is inserted, one
that is `taken_further` changes what is there. What a step leaves open a person may have `answered`.
"""

from __future__ import annotations

from equipoise.service.contexts.applications.assignment import (
    ASSIGN,
    Assigned,
    Assigner,
    NoneInForce,
    Split,
    champion,
)
from equipoise.service.contexts.applications.in_flight import Flight, flight, flights
from equipoise.service.contexts.applications.shape import plain_facts
from equipoise.service.contexts.applications.standing import (
    Standing,
    answered,
    begun,
    taken_further,
)
from equipoise.service.contexts.applications.subject import as_named, found_by, reference_of

__all__ = [
    "ASSIGN",
    "Assigned",
    "Assigner",
    "Flight",
    "NoneInForce",
    "Split",
    "Standing",
    "answered",
    "as_named",
    "begun",
    "champion",
    "flight",
    "flights",
    "found_by",
    "plain_facts",
    "reference_of",
    "taken_further",
]

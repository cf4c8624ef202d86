"""A client of the decision service for Python programs: typed, safe to retry, nothing but the
standard library.

    client = Client("https://decisions.example.com", api_key)
    decision = client.decide({"application_id": "A-1001", ...})

It imports nothing of the rest of Equipoise, and its own parts by their place: the folder can be
taken along on its own.
"""

from .client import Client
from .problems import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    TooOften,
    Unavailable,
    Unreachable,
)
from .results.afterwards import Agreement, Application, Notice, Outcome, Review, ReviewWithWords
from .results.decisions import (
    AuditorTrace,
    Change,
    Condition,
    CustomerWords,
    Decision,
    Difference,
    Offer,
    Replay,
    UnderwriterWords,
    Way,
)
from .results.drafts import (
    Answered,
    Consent,
    Contact,
    Draft,
    Offered,
    Offers,
    Reading,
    SecondLook,
    Standing,
)
from .results.operations import Arrivals, Batch
from .results.products import Product, Question
from .retries import Retries
from .signatures import is_genuine

__all__ = [
    "Agreement",
    "Answered",
    "Application",
    "Arrivals",
    "AuditorTrace",
    "Batch",
    "Change",
    "Client",
    "Condition",
    "Conflict",
    "Consent",
    "Contact",
    "CustomerWords",
    "Decision",
    "Difference",
    "Draft",
    "Gone",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Notice",
    "Offer",
    "Offered",
    "Offers",
    "Outcome",
    "Problem",
    "Product",
    "Question",
    "Reading",
    "Replay",
    "Retries",
    "Review",
    "ReviewWithWords",
    "SecondLook",
    "Standing",
    "TooOften",
    "Unavailable",
    "UnderwriterWords",
    "Unreachable",
    "Way",
    "is_genuine",
]

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
from .results import (
    Agreement,
    Application,
    Arrivals,
    AuditorTrace,
    Batch,
    Change,
    Condition,
    CustomerWords,
    Decision,
    Difference,
    Notice,
    Offer,
    Outcome,
    Product,
    Question,
    Replay,
    Review,
    ReviewWithWords,
    UnderwriterWords,
    Way,
)
from .retries import Retries
from .signatures import is_genuine

__all__ = [
    "Agreement",
    "Application",
    "Arrivals",
    "AuditorTrace",
    "Batch",
    "Change",
    "Client",
    "Condition",
    "Conflict",
    "CustomerWords",
    "Decision",
    "Difference",
    "Gone",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Notice",
    "Offer",
    "Outcome",
    "Problem",
    "Product",
    "Question",
    "Replay",
    "Retries",
    "Review",
    "ReviewWithWords",
    "TooOften",
    "Unavailable",
    "UnderwriterWords",
    "Unreachable",
    "Way",
    "is_genuine",
]

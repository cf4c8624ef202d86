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
    Answered,
    Application,
    Arrivals,
    AuditorTrace,
    Batch,
    Change,
    Condition,
    Consent,
    Contact,
    CustomerWords,
    Decision,
    Difference,
    Draft,
    Notice,
    Offer,
    Offered,
    Offers,
    Outcome,
    Product,
    Question,
    Reading,
    Replay,
    Review,
    ReviewWithWords,
    SecondLook,
    Standing,
    UnderwriterWords,
    Way,
)
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

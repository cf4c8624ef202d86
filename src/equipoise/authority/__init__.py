"""Who may decide what: the matrix of levels, the people, their overrides, and their queues."""

from equipoise.authority.deciding import (
    AlreadySigned,
    AuthorityExceeded,
    Case,
    ConflictOfInterest,
    Grant,
    SelfDealing,
    Signature,
    may_decide,
)
from equipoise.authority.document import SYSTEM, AuthoritySection, Level, MatrixRow
from equipoise.authority.holes import AuthorityFault, authority_faults
from equipoise.authority.matrix import Authority, Required
from equipoise.authority.override import Override, override_table, record_override
from equipoise.authority.people import Delegation, Directory, Officer

__all__ = [
    "SYSTEM",
    "AlreadySigned",
    "Authority",
    "AuthorityExceeded",
    "AuthorityFault",
    "AuthoritySection",
    "Case",
    "ConflictOfInterest",
    "Delegation",
    "Directory",
    "Grant",
    "Level",
    "MatrixRow",
    "Officer",
    "Override",
    "Required",
    "SelfDealing",
    "Signature",
    "authority_faults",
    "may_decide",
    "override_table",
    "record_override",
]

"""Who may decide what: the matrix of levels, the people, their overrides, and their queues."""

from equipoise.strategy.authority.deciding import (
    AlreadySigned,
    AuthorityExceeded,
    Case,
    ConflictOfInterest,
    Grant,
    SelfDealing,
    Signature,
    may_decide,
)
from equipoise.strategy.authority.document import SYSTEM, AuthoritySection, Level, MatrixRow
from equipoise.strategy.authority.flow import Flow, SyntheticFlow, flow_from_decisions
from equipoise.strategy.authority.holes import AuthorityFault, authority_faults
from equipoise.strategy.authority.matrix import Authority, Required
from equipoise.strategy.authority.measures import AuthorityReport, Estimate
from equipoise.strategy.authority.override import Override, override_table, record_override
from equipoise.strategy.authority.people import Delegation, Directory, Officer
from equipoise.strategy.authority.simulate import simulate_authority
from equipoise.strategy.authority.staffing import Absence
from equipoise.strategy.authority.whatif import Change, changed, what_if

__all__ = [
    "SYSTEM",
    "Absence",
    "AlreadySigned",
    "Authority",
    "AuthorityExceeded",
    "AuthorityFault",
    "AuthorityReport",
    "AuthoritySection",
    "Case",
    "Change",
    "ConflictOfInterest",
    "Delegation",
    "Directory",
    "Estimate",
    "Flow",
    "Grant",
    "Level",
    "MatrixRow",
    "Officer",
    "Override",
    "Required",
    "SelfDealing",
    "Signature",
    "SyntheticFlow",
    "authority_faults",
    "changed",
    "flow_from_decisions",
    "may_decide",
    "override_table",
    "record_override",
    "simulate_authority",
    "what_if",
]

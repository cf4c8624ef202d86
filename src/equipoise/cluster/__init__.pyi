from .session import session_for as session_for
from .solving import ClusterSolution as ClusterSolution
from .solving import bound_at as bound_at
from .solving import solve_held as solve_held
from .solving import solve_on as solve_on
from .solving_held import HeldApplicants as HeldApplicants

__all__ = [
    "ClusterSolution",
    "HeldApplicants",
    "bound_at",
    "session_for",
    "solve_held",
    "solve_on",
]

from .balancing import ClusterSearch as ClusterSearch
from .deciding import decide_on as decide_on
from .deciding_files import decide_into as decide_into
from .experiencing import experience_on as experience_on
from .fitting import fit_on as fit_on
from .packing import pack as pack
from .session import session_for as session_for
from .session import session_of_a_command as session_of_a_command
from .simulating import SimulatedLender as SimulatedLender
from .simulating import simulate_on as simulate_on
from .simulating import simulate_to as simulate_to
from .solving import ClusterSolution as ClusterSolution
from .solving import bound_at as bound_at
from .solving import solve_held as solve_held
from .solving import solve_on as solve_on
from .solving_held import HeldApplicants as HeldApplicants

__all__ = [
    "ClusterSearch",
    "ClusterSolution",
    "HeldApplicants",
    "SimulatedLender",
    "bound_at",
    "decide_into",
    "decide_on",
    "experience_on",
    "fit_on",
    "pack",
    "session_for",
    "session_of_a_command",
    "simulate_on",
    "simulate_to",
    "solve_held",
    "solve_on",
]

"""What a demonstration's risk officers look at: months of a simulated lender, its loan tape, what
is watched in them, a register of risks, and a plan."""

from equipoise.rehearsal.shown.book import PORTFOLIO, Shown, write_shown

__all__ = ["PORTFOLIO", "Shown", "write_shown"]

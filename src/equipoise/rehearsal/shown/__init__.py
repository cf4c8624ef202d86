"""What a demonstration's risk officers look at: months of a simulated lender, its loan tape, what
is watched in them, a register of risks, plans, and an economy with scenarios."""

from equipoise.rehearsal.shown.book import WRITTEN, Shown, write_shown

__all__ = ["WRITTEN", "Shown", "write_shown"]

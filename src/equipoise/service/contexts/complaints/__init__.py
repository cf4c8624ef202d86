"""Complaints: what a person says is wrong, also of a fact about them, and the answer to it.

Whoever applies can complain from every page of their application, and ask that a fact is corrected.
They get a reference and, where a law or the lender sets one, the day by which a person answers. Who
answers people answers it; the person reads that on their page and is written to. When the day is
over, they are told whom else to turn to.

Rooms: `services` (complain, answer, tell of what is overdue), `reading` (those of a draft, those
that wait), `clock` (by which day). Events: `complaint.received`, `.answered`, `.overdue`, in the
draft's chain. Jobs: who waits longer than they should is told, and what whoever was erased knew
their complaints by goes.
"""

"""Borrower watch: who is likely to be late soon, why, and what to do before it is so."""

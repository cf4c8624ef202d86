"""Months of the synthetic lender as tables to watch, with shocks planted in them."""

"""Strategies judged from above: compared, audited, tried, staffed; and overrides of them."""

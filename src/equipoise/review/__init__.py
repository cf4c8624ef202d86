"""Strategies judged from above: compared, audited for fairness and recourse, tried, staffed."""

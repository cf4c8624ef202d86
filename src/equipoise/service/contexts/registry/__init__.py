"""Strategies from draft to retired, and which one is in force.

`authority.lifecycle` (pure): the states, the ways between them, four eyes. `services` does it, each
step one transaction and one event; `gates` holds what must pass before anything is published.
"""

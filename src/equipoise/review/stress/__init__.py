"""A book and a strategy under scenarios of the economy: losses, capital, profit, and who is served.

`links` turn a scenario into odds of default, `under` runs the book off, `reverse` finds the mildest
breach, `access` answers applicants at the PDs of then. Nothing here reads or writes a file.
"""

"""Alerts: what rings, who has it, and how it ends. Decide, then fold: a command gives events, and
`after` gives the alert that they make; nothing here knows a clock or a database."""

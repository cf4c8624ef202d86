"""The frame of every page, its guard (`guard.may`), where people land, and their own sessions."""

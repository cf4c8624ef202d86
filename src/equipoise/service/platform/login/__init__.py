"""Logging in: sessions, and how often somebody may guess. Shared by all processes, in tables whose
reader learns nothing to log in with."""

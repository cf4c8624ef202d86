"""Texts to people's contact points, and the one-time codes that show whose those are. It knows
nothing of credit.

Pure: `contacts` (how an address or a number is written). With a database: `codes`. `services` is
the face. Its label among Django's apps is `outbox`, as Django has an app `messages` of its own. It
runs one job: what is over is forgotten.
"""

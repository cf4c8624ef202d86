"""The least that the service's own stack does: an endpoint that keeps one row, deciding nothing.

granian (WSGI), Django, ninja; the service's middleware, its check of the key and its database with
its settings; one ORM insert, durable before the answer. What a decision costs is held against it.
"""

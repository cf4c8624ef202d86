"""Telling others' systems what happened: signed, at least once, and only to addresses that may be
reached.

Pure: `signing` (Standard Webhooks), `backoff` (when to try again), `guard` (which addresses may be
reached), `public` (what is told, and by which right). With a network: `sending`. With a database:
`services` (addresses and secrets), `outbox` (record to deliveries), `delivering` (deliveries to
answers).
"""

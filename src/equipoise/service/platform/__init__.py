"""What every service needs and that knows nothing of credit.

`record` (append-only), `accounts`, `login` and `custody` (people, their sessions, the keys),
`jobs`, `webhooks`, `operations` (health, metrics, logs, problems), `postgresql`, `configuration`,
and `api` (what all endpoints share).
"""

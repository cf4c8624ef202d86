"""The decision service: everything that has users, a database and a clock (a Django project).

Rooms: `ledger` (the append-only record), `accounts` (who may do what), `registry` (strategies from
draft to retired), `decisions` (one by one), `batches` (by the file), `webhooks` (telling others),
`jobs` (background work), `pages` (what people see), `operations` (health, metrics, logs). Only this
package imports Django; importing this face does not.
"""

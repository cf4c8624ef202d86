"""The decision service: everything that has users, a database and a clock (a Django project).

`commands` (serve, work, back up, replay) stand on `door` (what the event loop answers itself), on
`project` (settings and addresses), on `pages` (by audience), on `contexts` (what it does for a
lender), on `platform` (what knows nothing of credit). Only this package imports Django; importing
this face does not.
"""

"""Texts to people's contact points, and the one-time codes that show whose those are. It knows
nothing of credit: whoever sends says to whom, which text, and for what purpose.

Pure: `contacts` (how an address or a number is written), `purposes`. With a network: `couriers` and
`transports`. With a database: `codes`, `queueing` (into the outbox), `contents` (sealed under the
applicant's key), `delivering` (out of it), `reports`, `opting` and its `tokens`, `retention`. The
faces are `services` and `reading`. Its label among Django's apps is `outbox`, as Django has an app
`messages` of its own.

It appends `message.queued`, `.suppressed`, `.sent`, `.delivered`, `.bounced`, `.failed`,
`.opted_out` and `.opted_in`, and runs four jobs: mail and telephones are carried, what was said is
emptied, and codes are forgotten.
"""

"""The watch: what watch.yaml says to watch, read on schedule, and the alerts that follow.

watch.yaml of the workspace is brought in as a version by one person and approved by another, in a
chain of its own, `watch.<number>`: `watch.brought`, `watch.approved`, then `watch.measured` for
each period whose readings are new, `watch.backtested` for what indicators would have been worth,
and `watch.injected` for what a drill injects. An alert is a chain `alert-...`: `alert.raised`, then
whatever readings, people and time do to it until `alert.closed`, and `alert.told` for each message.
What an alert is follows from these alone, folded by `equipoise.watch`. Rows are made by the events,
and anew from them by `services.rebuild`.

Rooms: `services` and `reading` (the faces), `views` (what is shown), `documents` and `versions`
(which watch), `people` (whom it means), `tables` (what is read), `arriving` (whether it goes on
coming), `measuring` (one pass), `keeping` (readings kept), `backtesting` and `backtests` (what
indicators would have been worth, and as it is kept), `hearing` (readings to alerts), `acting`
(people), `telling` (time, notices, messages), `drilling` (what drills inject), `starting` (plans
that begin by themselves), `folding` and `changing` (the record), `rebuilding`. Jobs: measuring,
each hour; time and messages, and what drills inject, each minute; a back-test, when somebody asks.
"""

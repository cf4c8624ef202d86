"""Emergency plans that act: which plans are in force, and each run of one.

plans.yaml of the workspace is brought in as a version by one person and approved by another, in a
chain of its own: `plans.brought`, `plans.approved`, and `plans.prepared` for each switch that was
made a strategy of the registry's. A run of a plan, drill or real, is a chain `plan_run.<id>`:
`plan_run.begun`, then `.done`, `.skipped`, `.called`, `.switched_on`, `.switched_back`, `.closed`.
What a run is follows from these alone; `watch.plans` folds them.

Rooms: `services` (the face for what is done), `reading` and `api` (faces too), `documents` (the
text of a version), `following` (a run folded from the record, and what is added to it), `switching`
(switches prepared and turned), `calling` (the contact tree), `tasks` (who is still to be called).
"""

"""Work that is done later, or again and again, in a process of its own: `equipoise worker`.

Queue and tasks are django-tasks with its database backend; the worker is ours (docs/adr/0006 says
why). A job that was taken on is held under a lease: where its worker is killed, another takes it
up. So a job may be begun more than once, and **every job must be idempotent**: begun again after
it was done, or half done, it changes nothing more.

To add a job, write a module-level function in your room's `tasks.py` (the room must stand in
INSTALLED_APPS; the module is found by its name), with arguments that JSON can hold:

    from equipoise.service.platform.jobs.registering import every, job

    @job(attempts=8)                      # tries before it is given up, with growing pauses
    def deliver(delivery: str) -> None:
        ...

    @every(minutes=5)                     # claimed by one worker, whatever their number
    @job(attempts=1)
    def make_checkpoints() -> None:
        ...

and put it on the queue inside the transaction of what it follows from, so that both stand or fall
together: `deliver.enqueue("d-1")` under `transaction.atomic()`, or `queued(deliver, "d-1")` as one
of the rows handed to the record's writer. `deliver.using(run_after=moment).enqueue("d-1")` waits,
an hour at most: what lies further ahead is taken for the trace of a clock that was set back.

In a job: raise `Again(after=timedelta(...))` to be run again then, which is no failure; raise
BadInput for what no repetition can mend: it is given up at once. A job that takes long runs on
the queue LONG, asks `stopping()` at every step, and raises `Again()` where it is true. Arguments
and return values are shown to whoever may read jobs: identifiers and counts only, never what
somebody sent. Messages of exceptions are not kept.

Rooms: `registering` and `progress` (the faces), `queue` (claims, leases, retries), `schedule`,
`worker` (the loop), `figures` (metrics), `reading` (what people see, by `project.jobs_api`).
"""

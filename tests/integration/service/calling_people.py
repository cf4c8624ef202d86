"""Whoever is due in runs of plans is called by a process of its own, as a worker does it, so many
minutes from now; it is killed at a point:

python calling_people.py MINUTES inside|after    # at its first call, before the commit or after
python calling_people.py MINUTES                 # it lives
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from typing import Any


def main(minutes: str, where: str = "") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.service.project.settings"
    import django

    django.setup()
    from django.db import transaction

    from equipoise.service.contexts.plans import calling, tasks
    from equipoise.service.platform import clock

    now = clock.now()
    clock.now = lambda: now + timedelta(minutes=float(minutes))  # type: ignore[assignment]
    added = calling.add

    def add(*given: Any) -> None:
        added(*given)
        if where == "inside":
            _die()
        elif where == "after":
            transaction.on_commit(_die)

    calling.add = add
    tasks.call_people.func()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])

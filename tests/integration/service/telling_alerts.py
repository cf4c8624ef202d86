"""A worker that does nothing but tell of alerts, by a clock on which an hour lasts a second:

python telling_alerts.py BEGAN    # since when the clock is fast; says a line after each round
"""

from __future__ import annotations

import os
import sys
from datetime import datetime


def main(began: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.service.project.settings"
    import django

    django.setup()
    from equipoise.service.contexts.watch import drilling, starting, telling
    from equipoise.service.platform import clock

    pace = clock.Pace(datetime.fromisoformat(began), 3600)
    clock.goes_by(lambda: pace)
    while True:
        starting.begin_triggered()
        telling.tick()
        telling.tell()
        drilling.inject()
        sys.stdout.write("round\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])

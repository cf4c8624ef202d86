"""A plan's switch turned by a process of its own, on a folder that others serve:

python turning_switch.py prepare|on|back    # EQUIPOISE_WORKSPACE says which folder
"""

from __future__ import annotations

import os
import sys


def main(what: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.service.project.settings"
    import django

    django.setup()
    from people import acting, person

    from equipoise.service.contexts.plans import reading, services
    from equipoise.service.contexts.registry import services as versions
    from equipoise.service.platform.accounts.models import User
    from equipoise.service.platform.accounts.permissions import Role

    plan, switch = "bureau_down", "all_to_people"
    if what == "prepare":
        rita, ben = acting(person(Role.RISK_OFFICER, "rita")), acting(person(Role.APPROVER, "ben"))
        services.approve(services.bring_in(rita), ben)
        versions.approve(services.prepare(plan, switch, rita), ben, "it only tightens")
        services.do_step(services.begin(plan, "an outage", ben), "confirm", ben)
        return
    ben = acting(User.objects.get(username="ben"))
    (run,) = reading.runs()
    if what == "on":
        services.do_step(run.id, "to_people", ben)
    else:
        services.turn_back(run.id, switch, ben)


if __name__ == "__main__":
    main(sys.argv[1])

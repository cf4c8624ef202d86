"""People of the lender's, one of each role and logged in, for a service that is measured (a process
of its own): prints their sessions as JSON. What the worker would do by now, it does first."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from equipoise.service.commands.starting import make_ready

_PASSWORD = "four plain words here"  # noqa: S105 - nobody else's


def main(folder: Path) -> dict[str, str]:
    """The session of each role."""
    make_ready(folder)
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from equipoise.service.commands.two_people import APPROVER, invite, named
    from equipoise.service.platform.accounts.permissions import Role

    roles = [Role.APPROVER, *(role for role in Role if role.value not in ("", "api_client"))]
    call_command("migrate", verbosity=0)  # a ground that is kept may be of an older release
    known = set(get_user_model().objects.values_list("username", flat=True))
    sessions = {}
    for number, role in enumerate(dict.fromkeys(roles)):
        name = APPROVER if role is Role.APPROVER else f"seat-{number}"
        if name not in known:  # else the ground is kept from before
            invite(name, role, _PASSWORD, "main" if role is Role.UNDERWRITER else "")
            Authenticator.objects.create(user=named(name), type=Authenticator.Type.TOTP, data={})
        client = Client()
        client.force_login(
            named(name), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        sessions[role.value] = client.cookies["sessionid"].value
    return sessions


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))

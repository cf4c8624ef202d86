"""The balance at a desk: a run beside the command's, and how long a point of it takes to answer.

The lender is the synthetic one, fitted; the service stands in its workspace on SQLite, and is asked
through Django's client, without a network. A point is asked for as a drag asks: one after another
along the frontier, most of the time between two points, by another segment each time.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from benchmarks.table import Result

APPLICANTS, SHORT_APPLICANTS = 100_000, 5_000
POINTS = 20
ROUNDS = 10  # of the whole frontier
STRIDE = 0.37  # of the way from point to point
SEGMENTS = ("pd", "sex", "employment", "region", "purpose")
BAR_MS = 150


def run(short: bool = False) -> list[Result]:
    """Median and p95 of a point, and a run beside `equipoise balance` in the same process."""
    from equipoise.workspace import balance_workspace, fit_workspace, new_demo

    applicants = SHORT_APPLICANTS if short else APPLICANTS
    with tempfile.TemporaryDirectory() as there:
        workspace = new_demo(Path(there) / "demo", applicants, 7)
        fit_workspace(workspace)
        begun = time.perf_counter()
        balance_workspace(workspace)
        command = time.perf_counter() - begun
        _set_up(workspace.folder)
        number, took = _solved()
        seconds = _walked(number)
    p95 = quantiles(seconds, n=20)[-1]
    size = f"{applicants:,} applicants"
    return [
        Result(f"balance page: a run, {size}", took, "s", command, "equipoise balance",
               bar="at most 1.3 times the command", met=took <= 1.3 * command),
        Result(f"balance page: a point, median, {size}", median(seconds) * 1000, "ms"),
        Result(f"balance page: a point, p95, {size}", p95 * 1000, "ms",
               bar=f"under {BAR_MS} ms", met=p95 * 1000 < BAR_MS,
               note=f"{len(seconds)} points, one after another"),
    ]  # fmt: skip


def _set_up(folder: Path) -> None:
    given = {
        "EQUIPOISE_WORKSPACE": str(folder),
        "EQUIPOISE_HOSTS": "testserver",
        "EQUIPOISE_MESSAGES": "keep",
        "EQUIPOISE_LOG_LEVEL": "WARNING",
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "equipoise.service.project.settings",
    }
    os.environ.update(given)
    from equipoise.service.platform.configuration import read_configuration
    from equipoise.service.platform.keyfiles import make_absent

    make_absent(read_configuration())
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _analyst() -> object:
    from allauth.mfa.models import Authenticator

    from equipoise.service.platform.accounts.permissions import Role
    from equipoise.service.platform.accounts.services import make_user

    user = make_user("ada", "four plain words here", Role.ANALYST, "system.bootstrap")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


def _solved() -> tuple[int, float]:
    """The number of a run, and the seconds that its job took."""
    from equipoise.service.contexts.balances import reading, services
    from equipoise.service.contexts.balances.running import solve
    from equipoise.service.platform.accounts.services import principal_of

    run = services.ask(reading.of_workspace(), principal_of(_analyst()))  # type: ignore[arg-type]
    begun = time.perf_counter()
    solve.func(run)
    took = time.perf_counter() - begun
    if reading.run(run).state != "done":
        raise RuntimeError(f"the run ended otherwise: {reading.fault(run)}")
    return run, took


def _walked(run: int) -> list[float]:
    """Seconds of each point's answer, once the first has loaded what all need."""
    from django.test import Client

    from equipoise.service.platform.accounts.models import User

    client, seconds = Client(), []
    client.force_login(
        User.objects.get(username="ada"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    for at in range(POINTS * ROUNDS + 1):
        asked = {
            "point": f"{1 + at * STRIDE % (POINTS - 1):.2f}",
            "by": SEGMENTS[at % len(SEGMENTS)],
        }
        begun = time.perf_counter()
        answer = client.get(f"/balance/{run}/point", asked)
        seconds.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"a point was answered with {answer.status_code}")
    return seconds[1:]

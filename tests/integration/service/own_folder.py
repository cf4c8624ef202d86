"""A lender's folder that is the test's own, for tests that look through everything in it."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from equipoise.service.platform.keyfiles import SECRETS


@contextmanager
def own_folder(folder: Path, **told: Any) -> Iterator[None]:
    """The service stands there, with the secrets of the others, and is `told` these settings."""
    here = dataclasses.replace(settings.CONFIGURATION, workspace=folder, **told)
    (folder / "service" / "batches").mkdir(parents=True, exist_ok=True)
    for secret in SECRETS:
        path = secret.path(settings.CONFIGURATION)
        if path.exists():
            shutil.copy(path, here.folder)
    with override_settings(CONFIGURATION=here):
        yield

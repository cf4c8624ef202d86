"""The service's settings, another address book and one more table."""

from __future__ import annotations

from equipoise.service.project.settings import *  # noqa: F403
from equipoise.service.project.settings import INSTALLED_APPS as _APPS

ROOT_URLCONF = "benchmarks.bare.urls"
INSTALLED_APPS = [*_APPS, "benchmarks.bare"]

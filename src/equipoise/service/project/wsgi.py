"""Django's application, which the door asks: it must not be served as it is, as the door alone
holds bodies to their bounds."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "equipoise.service.project.settings")
application = get_wsgi_application()

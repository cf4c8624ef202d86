"""What the API of today promises to programs, without its words.

python tests/kept/describing.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from api_shapes import shape

from equipoise.service.commands.starting import make_ready

if __name__ == "__main__":
    make_ready(Path(sys.argv[1]))
    from equipoise.service.project.api import api

    sys.stdout.write(json.dumps(shape(api.get_openapi_schema()), indent=1, sort_keys=True) + "\n")

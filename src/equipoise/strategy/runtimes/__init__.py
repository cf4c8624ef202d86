"""What a compiled strategy decides with: record by record, over a frame, and as SQL.

Each is a folder beside the others, a `Runtime`, and imports none of them.
"""

from equipoise.strategy.runtimes.runtime import Runtime

__all__ = ["Runtime"]

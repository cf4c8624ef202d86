"""The command line: thin commands over the workspace."""

from equipoise.cli.run import main

__all__ = ["main"]

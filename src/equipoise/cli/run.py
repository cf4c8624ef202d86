"""The entry point: runs a command and turns every way it can end into an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from equipoise.cli.commands import app
from equipoise.errors import EquipoiseError

INTERNAL, USAGE, INTERRUPTED = 3, 2, 130
# Typer carries a click of its own in newer versions: this is the usage error of whichever it uses.
_UsageError: Any = typer.BadParameter.__base__


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 a gate said no, 2 bad input, 3 internal.

    Errors go to stderr, or as one JSON document to stdout under --json. EQUIPOISE_DEBUG shows
    the traceback of an internal error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    as_json = "--json" in arguments
    try:
        code = app(args=arguments, standalone_mode=False, prog_name="equipoise")
        return code if isinstance(code, int) else 0
    except EquipoiseError as error:
        return _say(error.as_dict(), str(error), error.exit_code, as_json)
    except _UsageError as error:
        return _misused(error, as_json)
    except (typer.Abort, KeyboardInterrupt):
        return _say(_plain("Interrupted", "interrupted", ""), "interrupted", INTERRUPTED, as_json)
    except ModuleNotFoundError as error:
        return _missing(error, as_json)
    except Exception as error:
        if os.environ.get("EQUIPOISE_DEBUG"):
            raise
        message = f"internal error: {type(error).__name__}: {error}"
        mend = "set EQUIPOISE_DEBUG=1 to see where, and report it"
        return _say(_plain("InternalError", message, mend), f"{message}; {mend}", INTERNAL, as_json)


def _misused(error: Any, as_json: bool) -> int:
    where = error.ctx.command_path if error.ctx else "equipoise"
    message, mend = error.format_message(), f"see `{where} --help`"
    return _say(_plain("UsageError", message, mend), f"{message}; {mend}", USAGE, as_json)


def _missing(error: ModuleNotFoundError, as_json: bool) -> int:
    if os.environ.get("EQUIPOISE_DEBUG"):
        raise error
    message = f"the package '{error.name}' is not installed"
    mend = (
        "it comes with equipoise: in its checkout, `pip install .`, or `pip install '.[service]'` "
        "for the commands that serve"
    )
    return _say(_plain("MissingPackage", message, mend), f"{message}; {mend}", INTERNAL, as_json)


def _plain(kind: str, message: str, mend: str) -> dict[str, object]:
    return {"error": kind, "message": message, "mend": mend or None}


def _say(document: dict[str, object], text: str, code: int, as_json: bool) -> int:
    if as_json:
        json.dump({**document, "exit_code": code}, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stderr.write(f"{text}\n")
    return code

"""Runs alone, as a process of its own: opens a workbook and writes rows as JSON lines.

A sheet that claims the last cell of Excel's grid makes the reader ask for terabytes, and what
cannot be had ends the process. So it is a process that may end: under a bound of memory and of
processor time, importing nothing but the reader.
"""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any


def bounded(memory: int, seconds: int) -> None:
    """Hold this process to bytes of memory and seconds of processor time, where there is a way."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(cell: Any) -> Any:
    """A cell as JSON: null for an empty one, {"d": ISO text} for days and times."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, (bool, int, str)):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1 << 53 else cell
    if isinstance(cell, datetime.datetime):
        return {"d": cell.isoformat(" ")}
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    return str(cell)


def say(value: Any) -> None:
    """One JSON line."""
    sys.stdout.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")


def main() -> None:
    """Arguments: path, sheet's number or 'heads', bytes of memory, seconds, rows of a head."""
    import python_calamine

    path, wanted, memory, seconds, rows = sys.argv[1:]
    bounded(int(memory), int(seconds))
    try:
        book = python_calamine.load_workbook(path)
    except python_calamine.PasswordError:
        say({"fault": "password"})
        return
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        say({"fault": str(error) or type(error).__name__})
        return
    try:
        if wanted == "heads":
            heads(book, int(rows))
        else:
            for row in book.get_sheet_by_index(int(wanted)).iter_rows():
                say([plain(cell) for cell in row])
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        say({"fault": str(error) or type(error).__name__})


def heads(book: Any, rows: int) -> None:
    """A line for each worksheet: its number, name, whether it is visible, size and first rows."""
    for number, each in enumerate(book.sheets_metadata):
        if not str(each.typ).endswith("WorkSheet"):
            continue
        sheet = book.get_sheet_by_index(number)
        head: list[list[Any]] = []
        for row in sheet.iter_rows():
            if len(head) == rows:
                break
            head.append([plain(cell) for cell in row])
        visible = str(each.visible).endswith(".Visible")
        start = sheet.start or (0, 0)
        size = (start[0] + sheet.height, start[1] + sheet.width)
        say({"number": number, "name": each.name, "visible": visible, "size": size, "head": head})


if __name__ == "__main__":
    main()

"""Small Excel and OpenDocument workbooks, written by hand: no library that writes is needed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[Any]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EXCEL_DAY_0 = date(1899, 12, 30)


class Broken(str):
    """A cell that holds an error, such as #N/A."""


def write_xlsx(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """Sheets by name; cells are text, numbers, truth values, days, `Broken` or None."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _frame(sheets, hidden).items():
            book.writestr(name, text)
        for number, rows in enumerate(sheets.values(), start=1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", sheet_xml(rows))
    return path


def sheet_xml(rows: Rows) -> str:
    """One worksheet."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = (_cell(f"{column(at)}{number}", value) for at, value in enumerate(row))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def column(at: int) -> str:
    """A column's letters, from 0: A, B, ..., AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """The same as OpenDocument."""
    tables = []
    for name, rows in sheets.items():
        lines = "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        tables.append(f"<table:table table:name={quoteattr(name)}>{lines}</table:table>")
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{''.join(tables)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", kind)
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr("content.xml", content)
    return path


def _frame(sheets: Mapping[str, Rows], hidden: Sequence[str]) -> dict[str, str]:
    names, links, parts = [], [], []
    for number, name in enumerate(sheets, start=1):
        state = ' state="hidden"' if name in hidden else ""
        names.append(
            f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        )
        links.append(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        parts.append(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        )
    links.append(f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/>')
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
        f"{''.join(parts)}</Types>",
        "_rels/.rels": f'{relations}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f"{''.join(names)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{''.join(links)}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }


def _cell(place: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Broken):
        return f'<c r="{place}" t="e"><v>{value}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - _EXCEL_DAY_0).days}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        result = f'office:value-type="date" office:date-value="{value}"'
    elif isinstance(value, (int, float)):
        result = f'office:value-type="float" office:value="{value}"'
    else:
        result = 'office:value-type="string"'
    return f"<table:table-cell {result}><text:p>{escape(str(value))}</text:p></table:table-cell>"

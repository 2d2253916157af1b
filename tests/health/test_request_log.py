"""The line that a request leaves: it comes with those of others, a moment later, and none is lost at the end."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading

from tests.conftest import REPOSITORY
from widget_server import logs

SAYS = """
import sys, threading
from widget_server import logs
logs.configure(readable=False)
def app(environ, start):
    start(environ["STATUS"], [])
    return []
log = logs.RequestLog(app)
def ask(number, status="200 OK"):
    log({"PATH_INFO": f"/n/{number}", "REQUEST_METHOD": "GET", "STATUS": status}, lambda *_: None)
threads = [threading.Thread(target=lambda at=at: [ask(at * 100 + n) for n in range(100)]) for at in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
ask("failed", "503 Later")
"""


def test_every_request_leaves_its_line_even_at_the_end_of_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["path"] for line in lines} == {f"/n/{n}" for n in range(400)} | {"/n/failed"}
    assert {line["event"] for line in lines} == {"http.answered"}
    assert len({line["request"] for line in lines}) == len(lines) == 401


def test_lines_that_come_after_a_rest_are_written_too() -> None:
    kept = io.StringIO()
    later = logs._Later(kept)
    for number in range(3):
        later.write(f"{number}\n")
        for thread in [one for one in threading.enumerate() if one is later._thread]:
            later._thread = None  # it had ended meanwhile
            assert thread.daemon
    later._write()
    assert sorted(kept.getvalue().split()) == ["0", "1", "2"]

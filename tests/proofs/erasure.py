"""A28, A29: what was deleted leaves no byte in any file; no address and no browser's name ever stands in one."""

from __future__ import annotations

import http.client
import io
import json
import random
import secrets
import urllib.parse
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import func, select

from tests.proofs.frame import command
from tests.proofs.installation import ORIGIN, Installation, installation
from tests.proofs.kill import drain
from widget_server.database import db
from widget_server.privacy.sweeping import sweep
from widget_server.responses.models import Attachment, ResponseId

NAMES = ("words", "mail", "page", "trail")
ADDRESS, AGENT = "198.51.100.231", f"canaryagent{secrets.token_hex(8)}"
"""Whom every request comes from, as the proxy in front says, and by which browser: neither is to be stored."""
cookies: list[str] = []


@dataclass
class Sender:
    """Somebody with a canary in everything that they send; `picture` is a piece of what we stored of theirs."""

    id: str
    secret: str
    receipt: str
    canaries: dict[str, str]
    picture: bytes = b""


def prove(people: int) -> dict[str, Any]:
    """Let `people` write, delete every second one's message on its receipt page, and look for what is left."""
    cookies.clear()
    with installation() as at:
        at.more = {"WIDGET_TRUSTED_PROXIES": "1"}
        at.start()
        senders = [send(at) for _ in range(people)]
        with at.app.app_context():
            remember_pictures(senders)
        drained = drain(at)
        gone, kept = senders[::2], senders[1::2]
        before = left_in(at.folder, gone)
        deleted = sum(delete(at, one) for one in gone)
        with at.app.app_context():
            said = sweep()
            swept = left_in(at.folder, gone)
            sweep(vacuum=True)
            db.session.remove()
            db.engine.dispose()
        after, still = left_in(at.folder, gone), left_in(at.folder, kept)
        at.stop()
        traces = [trace for trace in (ADDRESS, AGENT) if trace.encode() in every_byte(at.folder)]
    ok = drained and deleted == len(gone) and sum(before.values()) > 0 and not after and still["words"] == len(kept)
    ok = ok and not traces and not cookies
    return {
        "ok": ok, "people": people, "deleted": deleted, "found_before": before, "left_after_the_log_was_cut": swept,
        "left_after_writing_anew": after, "found_of_the_others": still, "sweep": said,
        "addresses_and_browsers_found": traces, "cookies_set": len(cookies),
    }  # fmt: skip


def send(at: Installation) -> Sender:
    """A complaint with a canary in the words, the address, the page and the steps; then a picture of noise."""
    told = {name: f"canary{name}{secrets.token_hex(8)}" for name in NAMES}
    one = Sender(str(uuid.uuid4()), uuid.uuid4().hex, "", told)
    body = {
        "p": 1, "id": one.id, "secret": one.secret, "survey": "feedback", "version": at.versions["feedback"],
        "answers": {
            "mood": 1, "comment": f"Terrible, I could not pay. {told['words']}",
            "contact": {"email": f"{told['mail']}@person.example", "consent": True},
        },
        "context": {
            "url": f"https://shop.example/pay?step={told['page']}",
            "trail": [{"at": 1000, "kind": "click", "what": told["trail"]}],
        },
    }  # fmt: skip
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Origin": ORIGIN}
    answer = _post(at, "/v1/sites/proof/responses", json.dumps(body).encode(), headers)
    one.receipt = urllib.parse.urlsplit(json.loads(answer)["receipt_url"]).path
    kind, form = _multipart({"response_id": one.id, "id": one.id, "secret": one.secret}, _noise())
    _post(at, "/v1/sites/proof/attachments", form, {"Content-Type": kind, "Origin": ORIGIN})
    return one


def delete(at: Installation, one: Sender) -> bool:
    """On the receipt page, as a visitor does."""
    form = urllib.parse.urlencode({"do": "erase"}).encode()
    _post(at, one.receipt, form, {"Content-Type": "application/x-www-form-urlencoded"}, wanted=303)
    return True


def remember_pictures(senders: list[Sender]) -> None:
    """A piece of each stored picture, whose bytes are noise and so nobody else's."""
    for one in senders:
        found = (
            select(func.substr(Attachment.content, 500, 24))
            .join(ResponseId, ResponseId.response_id == Attachment.response_id)
            .where(ResponseId.client_id == one.id)
        )
        one.picture = bytes(db.session.scalars(found).one())
    db.session.remove()


def left_in(folder: Path, senders: list[Sender]) -> dict[str, int]:
    """How many of the senders have something of each kind in any file of the installation."""
    files = every_byte(folder)
    found: dict[str, int] = {}
    for one in senders:
        wanted = {name: canary.encode() for name, canary in one.canaries.items()} | {"picture": one.picture}
        for name, canary in wanted.items():
            if canary and canary in files:
                found[name] = found.get(name, 0) + 1
    return found


def every_byte(folder: Path) -> bytes:
    """Of all files: database, its log, journal, server log."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _noise() -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (40, 40), random.randbytes(4800)).save(out, "PNG")
    return out.getvalue()


def _multipart(fields: dict[str, str], picture: bytes) -> tuple[str, bytes]:
    edge = uuid.uuid4().hex
    part = f'--{edge}\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    before = "".join([*(part % pair for pair in fields.items()), head]).encode()
    return f"multipart/form-data; boundary={edge}", before + picture + f"\r\n--{edge}--\r\n".encode()


def _post(at: Installation, path: str, data: bytes, headers: dict[str, str], wanted: int | None = None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=20)
    connection.request("POST", path, data, headers | {"X-Forwarded-For": ADDRESS, "User-Agent": AGENT})
    answer = connection.getresponse()
    cookies.extend(answer.headers.get_all("Set-Cookie") or [])
    said = answer.read()
    connection.close()
    assert answer.status == wanted if wanted else answer.status < 300, f"{path}: {answer.status} {said[:300]!r}"
    return said


if __name__ == "__main__":
    command(prove, __doc__, people=200)

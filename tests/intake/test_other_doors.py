"""Events, pictures and the state of a receipt."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from tests.intake.conftest import ORIGIN, Sender
from widget_server.clock import travel
from widget_server.database import db, writing_connection
from widget_server.intake.receive import intake_of
from widget_server.responses.models import Attachment, Display, Response

Rows = Callable[[Any], list[Any]]


def event(kind: str, display: str) -> dict[str, str]:
    return {"display": display, "survey": "feedback", "version": "a1", "kind": kind}


def test_displays_are_counted_once_each(any_tern: Sender, rows: Rows) -> None:
    one, two = str(uuid.uuid4()), str(uuid.uuid4())
    with travel(1000):
        assert any_tern.post(event("shown", one), "events").status_code == 202
    with travel(2000):
        batch = {"events": [event("shown", one), event("started", one), event("shown", two)]}
        answer = any_tern.post(batch, "events")
        assert (answer.status_code, answer.json) == (202, {})
    with travel(3000):
        any_tern.post(event("closed", two), "events")
    columns = (Display.display_id, Display.shown_at, Display.started_at, Display.closed_at)
    assert set(rows(select(*columns))) == {(one, 1000, 2000, None), (two, 2000, None, 3000)}


def test_a_batch_is_bounded_and_its_faults_pointed_at(tern: Sender) -> None:
    good = event("shown", str(uuid.uuid4()))
    assert tern.post({"events": [good] * 21}, "events").status_code == 400
    refused = tern.post({"events": [good, {**good, "kind": "sneezed"}]}, "events")
    assert (refused.status_code, refused.json["pointer"]) == (400, "/events/1/kind")


@contextmanager
def locked_elsewhere(engine: Engine) -> Iterator[None]:
    """Somebody else writes, and takes their time."""
    taken, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with writing_connection(engine):
            taken.set()
            enough.wait(10)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        taken.wait(10)
        yield
        enough.set()


def test_events_are_lost_rather_than_waited_for(tern: Sender, rows: Rows) -> None:
    intake_of(tern.app).writer._wait = 0.1  # type: ignore[attr-defined]
    with locked_elsewhere(db.engine):
        assert tern.post(event("shown", str(uuid.uuid4())), "events").status_code == 202
        refused = tern.send()
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert refused.headers["Access-Control-Allow-Origin"] == "*"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def attach(tern: Sender, content: bytes, name: str = "shot.png", **fields: str) -> Any:
    data = {**fields, "file": (io.BytesIO(content), name)}
    return tern.app.test_client().post(
        f"/v1/sites/{tern.key}/attachments", data=data, content_type="multipart/form-data", headers={"Origin": ORIGIN}
    )


def test_a_picture_is_made_anew(any_tern: Sender, rows: Rows) -> None:
    body = any_tern.body()
    any_tern.post(body)
    held = {"id": body["id"], "secret": body["secret"]}
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "secret place", 6
    sent = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    answer = attach(any_tern, sent, "../../x.php", **held)
    assert answer.status_code == 202
    assert attach(any_tern, sent, **held).json == answer.json
    ((kept,),) = rows(select(Attachment))
    assert (kept.public_id, kept.media_type, kept.width, kept.height) == (answer.json["id"], "image/jpeg", 30, 40)
    assert b"secret place" not in kept.content
    assert b"script" not in kept.content
    assert dict(Image.open(io.BytesIO(kept.content)).getexif()) == {}


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"%PDF-1.4", 415), (picture()[:60], 415), (b"x" * (2 * 1024 * 1024 + 1), 413), (b"x" * (3 * 1024 * 1024), 413)],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(tern: Sender, rows: Rows, content: bytes, status: int) -> None:
    body = tern.body()
    tern.post(body)
    refused = attach(tern, content, id=body["id"], secret=body["secret"])
    assert refused.status_code == status
    assert refused.json["detail"]
    assert rows(select(Attachment)) == []


def test_a_picture_needs_its_response_and_secret(tern: Sender) -> None:
    body = tern.body()
    tern.post(body)
    assert attach(tern, picture(), id=str(uuid.uuid4()), secret=body["secret"]).status_code == 404
    assert attach(tern, picture(), id=body["id"], secret="f" * 32).status_code == 409
    assert attach(tern, picture(), id=body["id"]).status_code == 400
    assert tern.post(picture(), "attachments", content_type="image/png").status_code == 415
    for shade in range(5):
        assert attach(tern, picture(size=(10 + shade, 5)), id=body["id"], secret=body["secret"]).status_code == 202
    assert attach(tern, picture(size=(99, 5)), id=body["id"], secret=body["secret"]).status_code == 422


def test_a_receipt_tells_its_state(tern: Sender, rows: Rows) -> None:
    receipt = tern.send().json["receipt"]
    ((response_id,),) = rows(select(Response.id))
    tern.app.extensions["case_state"] = {response_id: (True, False)}.__getitem__
    client = tern.app.test_client()

    def state(value: Any) -> Any:
        return client.post("/v1/receipts/state", json={"receipt": value})

    told = {"open": True, "answered": False, "url": f"http://widget.test/r/{receipt}"}
    assert (state(receipt).status_code, state(receipt).json) == (200, told)
    for wrong in (receipt + "x", receipt[:-1], "é", "a.b", None, 5, ""):
        assert state(wrong).status_code == 404

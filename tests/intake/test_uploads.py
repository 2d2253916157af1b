"""Uploads are pictures or nothing: what is stored is a picture of our own making, whatever was sent, whatever its name."""

from __future__ import annotations

import io
import subprocess
import sys
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from tests.conftest import REPOSITORY
from tests.intake.conftest import ORIGIN, Sender
from tests.intake.uploads import NAMES, REFUSED, SCRIPT, TAKEN, picture
from widget_server.errors import Refusal
from widget_server.intake.pictures import picture_from
from widget_server.responses.models import Attachment

Rows = Callable[[Any], list[Any]]


def test_forty_kinds_of_files_are_tried() -> None:
    assert len(TAKEN) + len(REFUSED) + len(NAMES) >= 40


@pytest.mark.parametrize("kind", TAKEN)
def test_a_picture_is_made_anew_and_nothing_else_of_the_file_is_kept(kind: str) -> None:
    made = picture_from(TAKEN[kind]())
    kept = Image.open(io.BytesIO(made.content))
    kept.load()
    assert (kept.format, kept.size) == (made.media_type.removeprefix("image/").upper(), (made.width, made.height))
    assert not {"exif", "comment", "Comment", "icc_profile", "xmp", "XML:com.adobe.xmp"} & set(kept.info)
    assert dict(kept.getexif()) == {}
    for trace in (SCRIPT, b"alert(1)", b"secret place", b"59.9139", b"<?php", b"PK\x03\x04", b"%PDF"):
        assert trace not in made.content
    assert getattr(kept, "n_frames", 1) == 1


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_picture_or_too_large_is_refused_with_a_sentence(kind: str) -> None:
    make, status = REFUSED[kind]
    with pytest.raises(Refusal) as refused:
        picture_from(make())
    assert refused.value.status == status
    assert str(refused.value)


def test_no_name_of_a_file_reaches_the_store(tern: Sender, rows: Rows) -> None:
    client, path = tern.app.test_client(), f"/v1/sites/{tern.key}/attachments"
    for number, name in enumerate(NAMES):
        body = tern.body()
        tern.post(body)
        form = {"id": body["id"], "secret": body["secret"], "file": (io.BytesIO(picture(size=(9 + number, 9))), name or "x")}
        answer = client.post(path, data=form, content_type="multipart/form-data", headers={"Origin": ORIGIN})
        assert answer.status_code == 202, name
    kept = [one for (one,) in rows(select(Attachment))]
    assert len(kept) == len(NAMES)
    for one in kept:
        assert uuid.UUID(one.public_id)
        assert not any(name and name[:20].encode() in one.content for name in NAMES)


def test_the_worst_files_take_less_than_a_hundred_megabytes_of_memory() -> None:
    """In a process of its own, so that its peak is theirs."""
    program = """
import resource
from tests.intake.uploads import REFUSED, TAKEN, picture
from widget_server.intake.pictures import picture_from
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
files = [make for make, _ in REFUSED.values()] + list(TAKEN.values())
large = (("PNG", (3840, 2160)), ("JPEG", (3840, 2160)), ("WEBP", (2500, 2000)))
files += [lambda kind=kind, size=size: picture(kind, size=size) for kind, size in large]
made = [make() for make in files]
picture_from(picture())
open("/proc/self/clear_refs", "w").write("5")  # the peak so far is that of making the files
before = int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
for one in made:
    try:
        picture_from(one)
    except Exception:
        pass
after = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
print((after - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100

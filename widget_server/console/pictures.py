"""A visitor's picture, from our own origin: for whoever may read responses, and each opening is written down.

Pictures were decoded and made anew when they came in. It is asked for by a press, so that a list of responses shows no
picture by itself.
"""

from __future__ import annotations

from flask import Response as Answered
from flask import make_response
from sqlalchemy import select

from widget_server.accounts.operations import audit
from widget_server.console.frame import actor, blueprint, here, screen
from widget_server.database import db, writing
from widget_server.errors import NotFound
from widget_server.responses.models import Attachment, Response

ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


@screen("/pictures/<picture_id>", "person.read")
def picture(picture_id: str) -> Answered:
    """The picture itself."""
    with writing():
        found = _picture(picture_id)
        of = db.session.get_one(Response, found.response_id)
        audit("picture.opened", user=actor(), site_id=found.site_id, subject=found.public_id, response=of.public_id)
        content, media_type, name = found.content, found.media_type, found.public_id
    known = media_type in ENDINGS
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type if known else "application/octet-stream"
    way = "inline" if known else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="{name}.{ENDINGS.get(media_type, "bin")}"'
    return answer  # nosniff, no-store and a policy that runs nothing: headers.py


@blueprint.app_template_global()
def pictures_of(response_id: int) -> list[tuple[str, int, int]]:
    """(id, width, height) of a response's pictures, without their bytes."""
    found = select(Attachment.public_id, Attachment.width, Attachment.height).where(Attachment.response_id == response_id)
    return list(db.session.execute(found.order_by(Attachment.id)).tuples())


def _picture(public_id: str) -> Attachment:
    found = None
    if len(public_id) <= 36 and public_id.isprintable():
        found = db.session.scalar(
            select(Attachment).where(Attachment.site_id == here().site.id, Attachment.public_id == public_id)
        )
    if found is None:
        raise NotFound("There is no such picture.")
    return found

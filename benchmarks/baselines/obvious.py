"""The obvious version of the intake, as one would write it first: ORM rows, a schema per request, SQLite as it comes.

With BENCH_TEXTBLOB=1 it also scores the comment before it answers.
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range
from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ['BENCH_DATABASE']}"
db = SQLAlchemy(app)
SCORED = os.environ.get("BENCH_TEXTBLOB") == "1"


class Site(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    origin: Mapped[str]


class Survey(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    key: Mapped[str]
    questions: Mapped[dict[str, Any]] = mapped_column(JSON)


class Response(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    received_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    receipt: Mapped[str] = mapped_column(unique=True, default=lambda: uuid.uuid4().hex)
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    polarity: Mapped[float | None]
    answers: Mapped[list[Answer]] = relationship()
    texts: Mapped[list[Text]] = relationship()
    contacts: Mapped[list[Contact]] = relationship()


class Answer(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    question: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)


class Text(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    question: Mapped[str]
    text: Mapped[str]


class Contact(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    email: Mapped[str]
    name: Mapped[str | None]


class ContactSchema(Schema):
    email = fields.Email(required=True)
    name = fields.String()
    consent = fields.Boolean(required=True)


class AnswersSchema(Schema):
    mood = fields.Integer(required=True, validate=Range(1, 5))
    comment = fields.String(validate=Length(max=4000))
    contact = fields.Nested(ContactSchema)


class SubmissionSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    p = fields.Integer(required=True, validate=OneOf([1]))
    id = fields.UUID(required=True)
    survey = fields.String(required=True)
    lang = fields.String()
    finished = fields.Boolean()
    answers = fields.Nested(AnswersSchema, required=True)
    context = fields.Dict()


with app.app_context():
    db.create_all()
    if db.session.query(Site).first() is None:
        db.session.add(Site(id=1, key="proof", origin="https://shop.example"))
        db.session.add(Survey(site_id=1, key="feedback", questions={"mood": "smiley", "comment": "text"}))
        db.session.commit()


@app.get("/")
def ready() -> str:
    return ""


@app.post("/v1/sites/<key>/responses")
def receive(key: str) -> Any:
    site = Site.query.filter_by(key=key).first_or_404()
    if request.headers.get("Origin") != site.origin:
        abort(403)
    try:
        data = SubmissionSchema().load(request.get_json(force=True))
    except ValidationError as error:
        return jsonify(error.messages), 422
    survey = Survey.query.filter_by(site_id=site.id, key=data["survey"]).first_or_404()
    known = Response.query.filter_by(client_id=str(data["id"])).first()
    if known is not None:
        return jsonify({"id": known.client_id, "receipt": known.receipt}), 202
    said = data["answers"]
    response = Response(client_id=str(data["id"]), site_id=site.id, survey_id=survey.id, context=data.get("context", {}))
    response.answers.append(Answer(question="mood", value=said["mood"]))
    if comment := said.get("comment"):
        response.texts.append(Text(question="comment", text=comment))
        response.polarity = _polarity(comment) if SCORED else None
    if (contact := said.get("contact")) and contact["consent"]:
        response.contacts.append(Contact(email=contact["email"], name=contact.get("name")))
    db.session.add(response)
    db.session.commit()
    return jsonify({"id": response.client_id, "receipt": response.receipt}), 202


def _polarity(text: str) -> float:
    from textblob import TextBlob

    return float(TextBlob(text).sentiment.polarity)

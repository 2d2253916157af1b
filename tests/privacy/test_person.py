"""Find, export, erase: by address, reference and receipt, on both databases."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.privacy.conftest import CANARY, ELEANOR, said_by
from tests.visitor.conftest import page_of
from tests.visitor.test_erasing import everything
from widget_server import desk
from widget_server.accounts.models import AuditEntry
from widget_server.database import db, writing
from widget_server.errors import Conflict, Invalid
from widget_server.people.models import Contact, Erasure
from widget_server.privacy import operations as privacy
from widget_server.responses.models import ResponseId


def test_an_address_finds_all_that_its_owner_sent_and_where_somebody_named_it(place: SimpleNamespace) -> None:
    found = privacy.find(place.site.id, "email", f" {ELEANOR.upper()} ")
    assert [one.id for one in found.responses] == [place.first.id, place.second.id]
    assert [one.response_id for one in found.mentions] == [place.other.id]


def test_a_reference_and_a_receipt_find_their_own(place: SimpleNamespace) -> None:
    by_reference = privacy.find(place.site.id, "reference", "E-1")
    by_receipt = privacy.find(place.site.id, "receipt", f"http://widget.test{page_of(place.second)}?lang=nl")
    assert [one.id for one in by_reference.responses] == [place.first.id]
    assert [one.id for one in by_receipt.responses] == [place.second.id]
    assert [one.id for one in by_receipt.related] == [place.first.id]  # told, not erased with it


def test_the_number_on_a_receipt_finds_it_and_erases_only_when_it_is_one(place: SimpleNamespace) -> None:
    client_id = db.session.scalars(select(ResponseId.client_id).where(ResponseId.response_id == place.first.id)).one()
    db.session.rollback()
    number = f"{client_id[:4]} {client_id[4:8]}".upper()
    assert [one.id for one in privacy.find(place.site.id, "receipt", number).responses] == [place.first.id]
    with writing():
        twin = db.session.scalars(select(ResponseId).where(ResponseId.response_id == place.other.id)).one()
        twin.client_id = client_id[:8] + str(uuid.uuid4())[8:]
    with pytest.raises(Conflict, match="2 responses"), writing():
        privacy.erase(privacy.find(place.site.id, "receipt", number), place.maren)


@pytest.mark.parametrize(("by", "value"), [("email", "no address"), ("phone", "1"), ("reference", ""), ("receipt", "a\0b")])
def test_what_has_no_form_is_refused(place: SimpleNamespace, by: str, value: str) -> None:
    with pytest.raises(Invalid):
        privacy.find(place.site.id, by, value)


def test_nobody_is_found_at_another_site(place: SimpleNamespace) -> None:
    with writing():
        from tests.privacy.conftest import make_place

        elsewhere = make_place()
    for by, value in (("email", ELEANOR), ("reference", "E-1"), ("receipt", page_of(place.first))):
        assert privacy.find(elsewhere.id, by, value).responses == ()


def test_the_export_holds_what_is_theirs_and_nothing_of_others(place: SimpleNamespace) -> None:
    with writing():
        desk.note(place.case, place.maren, body="Not theirs")
        desk.reply(place.case, place.maren, expected_version=None, body="Dear Eleanor", token=uuid.uuid4().hex)
        made = privacy.export(privacy.find(place.site.id, "email", ELEANOR))
    archive = zipfile.ZipFile(io.BytesIO(made))
    data, text = json.loads(archive.read("data.json")), archive.read("data.json").decode()
    assert [len(data[part]) for part in ("responses", "cases", "mails", "mentioned_in")] == [2, 1, 1, 1]
    assert data["responses"][0]["texts"] == {"comment": f"I am {CANARY}. It broke."}
    assert data["responses"][0]["contacts"][0]["value"] == ELEANOR
    assert archive.read(data["responses"][0]["pictures"][0]["file"]).endswith(CANARY.encode())
    assert "Dear Eleanor" in text
    assert "Not theirs" not in text
    assert "Nobody was saved" not in text


def test_erasing_takes_words_names_keys_and_mentions_and_leaves_facts(place: SimpleNamespace) -> None:
    with writing():
        gone = privacy.erase(privacy.find(place.site.id, "email", ELEANOR), place.maren)
    assert (gone.responses, gone.cases, gone.mentions) == (2, 1, 1)
    left = everything()
    assert CANARY not in left
    assert "Nobody was saved" in left
    assert privacy.find(place.site.id, "email", ELEANOR).responses == ()
    assert len(db.session.scalars(select(Contact)).all()) == 1  # Father McKenzie's own
    assert len(db.session.scalars(select(Erasure)).all()) == 2


def test_erasing_again_changes_nothing(place: SimpleNamespace) -> None:
    with writing():
        response = said_by(place.site, None, reference="X-9")
        found = privacy.find(place.site.id, "receipt", page_of(response))
        assert privacy.erase(found, None).responses == 1
        assert privacy.erase(found, None).responses == 0


def test_who_looked_exported_and_erased_is_written_down_without_the_address(place: SimpleNamespace) -> None:
    with writing():
        person = privacy.find(place.site.id, "email", ELEANOR)
        privacy.note_search(person, place.maren)
        privacy.note_export(person, place.maren, bytes=len(privacy.export(person)))
        privacy.erase(person, place.maren)
    lines = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.action for one in lines] == ["person.found", "person.exported", "person.erased"]
    assert all(one.user_id == place.maren.id and one.subject == "by e-mail address" for one in lines)
    assert ELEANOR not in repr([(one.subject, one.detail, one.note) for one in lines])

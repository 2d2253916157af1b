"""A site with people whose data is looked for: Eleanor, who wrote twice, and somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.recovery.people import decided, make_response, make_site, make_user
from widget_server import database
from widget_server.clock import now_ms
from widget_server.database import db, writing
from widget_server.desk.callers import fingerprint
from widget_server.people.models import Contact
from widget_server.people.operations import fingerprints
from widget_server.privacy import finding
from widget_server.recovery.models import Case
from widget_server.recovery.operations import link_flagged
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Attachment, Response
from widget_server.scoring.operations import assess_response
from widget_server.sealing import seal
from widget_server.sites.models import Site, SiteKey
from widget_server.sites.queries import blind_key

ELEANOR = "eleanor@example.org"
CANARY = "Rigby-7Q4K2"


def make_place() -> Site:
    """A site whose key for fingerprints can be opened."""
    from widget_server.config import settings

    site = make_site()
    cipher = seal("a blind key of this site", settings().encryption_keys)
    db.session.add(SiteKey(site_id=site.id, kind="blind", cipher=cipher, created_at=now_ms()))
    db.session.flush()
    return site


def said_by(site: Site, email: str | None, words: str = f"I am {CANARY}. It broke.", **changes: Any) -> Response:
    hmacs = {"email": fingerprint(site.id, email)} if email else {}
    if reference := changes.pop("reference", None):
        hmacs["reference"] = fingerprints(blind_key(site.id), [("reference", reference)])[0].hmac
    return make_response(site, words=words, email=email, hmacs=hmacs, **changes)


def with_case(response: Response) -> Case:
    assessed = assess_response(response)
    linked = link_flagged(response, assessed, decided(), failures=None, hmacs=[], reach=reach_of(response.id))
    return linked.case


def with_picture(response: Response, content: bytes = b"PNG " + CANARY.encode()) -> Attachment:
    row = Attachment(
        site_id=response.site_id, response_id=response.id, media_type="image/png", width=1, height=1, digest="d",
        content=content, created_at=response.received_at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def mentions(response: Response, address: str) -> None:
    from widget_server.config import settings

    cipher = seal(address, settings().encryption_keys)
    row = Contact(site_id=response.site_id, response_id=response.id, kind="email", source="text", cipher=cipher, key_id="k")
    db.session.add(row)
    db.session.flush()


@pytest.fixture
def place(any_app: Flask) -> SimpleNamespace:
    """On both databases: Eleanor's two responses, one with a case and a picture, and Father McKenzie's."""
    with writing():
        site, maren = make_place(), make_user("Maren")
        first = said_by(site, ELEANOR, reference="E-1", context={"trail": [{"what": CANARY}], "device": "phone"})
        second = said_by(site, ELEANOR, words=f"{CANARY} again")
        other = said_by(site, "father@example.org", words="Nobody was saved")
        mentions(other, ELEANOR)
        with_picture(first)
        case = with_case(first)
    return SimpleNamespace(site=site, maren=maren, first=first, second=second, other=other, case=case)


def opened_addresses(monkeypatch: pytest.MonkeyPatch) -> dict[bool, list[str | None]]:
    """Sealed addresses that a search opens from now on, by whether the writers' lock was held."""
    opened: dict[bool, list[str | None]] = {False: [], True: []}
    unseal = finding.unseal

    def noted(cipher: str, keys: Sequence[str]) -> str | None:
        plain = unseal(cipher, keys)
        opened[database._writing.get()].append(plain)
        return plain

    monkeypatch.setattr(finding, "unseal", noted)
    return opened

"""A17: text is never a template: what looks like one stands in mails, pages and surveys as it was written."""

from __future__ import annotations

import html
import itertools
import re
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import select

from tests.accounts.conftest import sign_in
from tests.conftest import make_app, make_settings
from tests.proofs.frame import Found, command
from tests.proofs.hostile_site import PASSWORD, STAFF, addresses, build
from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.recovery.models import CaseMessage

SUM = "1787569"  # 1337 × 1337: nobody writes it by chance
FORMS = (
    "{{1337*1337}}", "{{{{1337*1337}}}}", "${1337*1337}", "#{1337*1337}", "<%= 1337*1337 %>", "{%print(1337*1337)%}",
    "{1337*1337}", "%{1337*1337}", "@(1337*1337)", "[[${1337*1337}]]", "{{config}}", "{{config.SECRET_KEY}}",
    "{{request.environ}}", "{{self.__init__.__globals__}}", "{0.__class__}", "{site.key}", "%(secret_key)s",
    "{{''.__class__.__mro__[1].__subclasses__()}}", "{% for x in range(9) %}{{1337*1337}}{% endfor %}", "{# note #}",
)  # fmt: skip
AROUND = ("%s", "a %s b", "%s\n%s", "{{'%s'}}", "é %s ไทย")


def templates(count: int) -> list[str]:
    pairs = itertools.islice(itertools.product(AROUND, FORMS), count)
    return [around.replace("%s", form) for around, form in pairs]


def prove(count: int) -> Found:
    folder = Path(tempfile.mkdtemp(prefix="widget-templates-"))
    app = make_app(make_settings(folder))
    written, worked_out, errors, pages = templates(count), [], [], []
    try:
        with app.app_context():
            tern = build(app, written)
            stored = set(db.session.scalars(select(CaseMessage.body)))
            mails = list(db.session.scalars(select(Delivery.body)))
            paths = addresses(tern)
            db.session.remove()
        client = app.test_client()
        assert sign_in(client, STAFF, PASSWORD).status_code == 302
        for path in [*paths, "/v1/sites/tern/config"]:
            answer = client.get(path)
            page = html.unescape(answer.text)
            pages.append(page)
            if SUM in page or str(app.secret_key) in page or "SECRET_KEY':" in page:
                worked_out.append(path)
            if answer.status_code >= 500:
                errors.append((path, answer.status_code))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    everything, all_mail = plain(" ".join(pages)), plain(" ".join(mails))
    on_pages = sum(plain(one) in everything for one in written)
    in_mails = sum(plain(one) in all_mail for one in written)
    kept = sum(one.strip() in stored or plain(one) in {plain(body) for body in stored} for one in written)
    return {
        "ok": not worked_out and not errors and on_pages == in_mails == kept == count and SUM not in all_mail,
        "templates": count, "pages": len(pages), "literal_on_pages": on_pages, "literal_in_mails": in_mails,
        "literal_in_the_thread": kept, "worked_out": worked_out[:5], "errors": errors[:5], "mails": len(mails),
    }  # fmt: skip


def plain(text: str) -> str:
    """Without tags and line breaks: a page may wrap what was written."""
    return re.sub(r"\s+", " ", re.sub(r"</?(?:br|p)\b[^>]*>", " ", text)).strip()


if __name__ == "__main__":
    command(prove, __doc__, count=100)

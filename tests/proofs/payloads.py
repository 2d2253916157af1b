"""A7: what visitors and authors store never runs, in a Chromium that is told to ignore our policies against scripts."""

from __future__ import annotations

import itertools
import logging
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from werkzeug.serving import make_server

from tests.conftest import make_app, make_settings
from tests.live import launch
from tests.postgres import free_port
from tests.proofs.frame import Found, command
from tests.proofs.hostile_site import PASSWORD, STAFF, addresses, build
from widget_server.database import db

VECTORS = (
    "<script>canary({n})</script>", "<img src=x onerror=canary({n})>", "<svg onload=canary({n})>",
    "<body onload=canary({n})>",
    "<iframe srcdoc='<script>parent.canary({n})</script>'>", "<iframe src=javascript:parent.canary({n})>",
    "<details open ontoggle=canary({n})>", "<video><source onerror=canary({n})></video>",
    "<input autofocus onfocus=canary({n})>",
    "<a href=javascript:canary({n})>x</a>", "<math><mtext><img src onerror=canary({n})></mtext></math>",
    "<svg><animate onbegin=canary({n}) attributeName=x dur=1s>", "<style>@import 'http://canary.invalid/{n}';</style>",
    "<link rel=stylesheet href=http://canary.invalid/{n}>", "<img src=http://canary.invalid/{n}>",
    "<form action=http://canary.invalid/{n}><button autofocus>x</button></form>", "<object data=http://canary.invalid/{n}>",
    "<meta http-equiv=refresh content='0;url=http://canary.invalid/{n}'>", "<base href=http://canary.invalid/{n}/>",
    "<template><script>canary({n})</script></template>", "${{canary({n})}}", "{{{{canary({n})}}}}", "javascript:canary({n})",
    "<noscript><p title='</noscript><img src=x onerror=canary({n})>'>", "<marquee onstart=canary({n})>x</marquee>",
)  # fmt: skip
BREAKOUTS = (
    "", '">', "'>", "</textarea>", "</script>", "-->", "</title></style>", '" onmouseover=canary({n}) autofocus x="',
)  # fmt: skip
CANARY = """
window.__hits = [];
window.canary = (n) => { window.__hits.push(n); };
window.alert = window.confirm = window.prompt = () => { window.__hits.push('dialog'); };
"""
FOUND = """() => {
  const bad = [...window.__hits];
  const roots = [document];
  while (roots.length) {
    for (const one of roots.pop().querySelectorAll('*')) {
      if (one.shadowRoot) roots.push(one.shadowRoot);
      for (const {name, value} of one.attributes) {
        if (name.startsWith('on')) bad.push(`${one.tagName} ${name}`);
        const leads = /^(href|src|action|formaction|data|xlink:href)$/.test(name);
        if (leads && /^\\s*(javascript|vbscript|data:text)/i.test(value))
          bad.push(`${one.tagName} ${name}=${value}`);
      }
    }
  }
  return bad;
}"""
HOST = '<!doctype html><title>Host</title><script src="/widget.js" data-site="tern"></script><main>x</main>'


def payloads(count: int) -> list[str]:
    """Each vector behind each way to break out of where it stands: 200 at most."""
    pairs = itertools.islice(itertools.product(BREAKOUTS, VECTORS), count)
    return [(breakout + vector).format(n=number) for number, (breakout, vector) in enumerate(pairs)]


def prove(count: int) -> Found:
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        try:
            return prove_in(browser, count)
        finally:
            browser.close()


def prove_in(browser: Browser, count: int, *, escaped: bool = True) -> Found:
    """Fill a site with `count` payloads, look at every page of it, open the widget; say what ran.

    Args:
        escaped: False takes the guard out on purpose: templates write what they are given as it is. The first hit is enough.
    """
    folder = Path(tempfile.mkdtemp(prefix="widget-payloads-"))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = make_app(make_settings(folder, base_url=url, port=port))
    app.jinja_env.autoescape = app.jinja_env.autoescape if escaped else False
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        with app.app_context():
            tern = build(app, payloads(count))
            pages = addresses(tern)
            db.session.remove()
        return {"payloads": count, **_walk(app, browser, url, pages, hasty=not escaped)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _walk(app: Flask, browser: Browser, url: str, pages: list[str], *, hasty: bool) -> Found:
    """`hasty`: no further than to the first page where something ran."""
    server = make_server("127.0.0.1", int(url.rpartition(":")[2]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(20_000)
    context.add_init_script(CANARY)
    hits: list[Any] = []
    seen = 0
    context.on("request", lambda asked: hits.append(asked.url) if "canary" in asked.url.partition("?")[0] else None)
    context.on("dialog", lambda dialog: (hits.append(dialog.message), dialog.dismiss()))
    try:
        page = context.new_page()
        seen = _signed_in(page, url)
        for path in pages:
            answer = page.goto(url + path)
            assert answer is not None
            assert answer.status == 200, f"{path}: {answer.status}"
            hits += [(path, hit) for hit in page.evaluate(FOUND)]
            seen += 1
            if hits and hasty:
                return {"ok": False, "pages": seen, "widget_opened": False, "hits": len(hits), "first_hits": hits[:5]}
        hits += _in_the_widget(context, url)
    except PlaywrightError as error:
        hits.append(("unusable", str(error)[:200]))
    finally:
        context.close()
        server.shutdown()
        thread.join()
    return {"ok": not hits, "pages": seen, "widget_opened": True, "hits": len(hits), "first_hits": hits[:5]}


def _signed_in(page: Page, url: str) -> int:
    page.goto(f"{url}/console/login")
    page.get_by_label("E-mail").fill(STAFF)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url("**/console/tern/**")
    return 1


def _in_the_widget(context: BrowserContext, url: str) -> list[Any]:
    page = context.new_page()
    page.route(f"{url}/host", lambda route: route.fulfill(body=HOST, content_type="text/html"))
    page.goto(f"{url}/host")
    page.wait_for_function("() => window.FeedbackWidget")
    page.evaluate("() => window.FeedbackWidget.open()")
    page.get_by_role("dialog").wait_for()
    page.get_by_role("radio").first.click()
    page.wait_for_timeout(300)
    return [("widget", hit) for hit in page.evaluate(FOUND)]


if __name__ == "__main__":
    command(prove, __doc__, count=200)

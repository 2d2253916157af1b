"""What a page's policy, its browser's storage or its frame forbids."""

from __future__ import annotations

from tests.hosts.fault import TAG, Fault

CSP = "Content-Security-Policy"
STRICT = "default-src 'none'; img-src data:; script-src {server}; connect-src {server}"
NONCE = "default-src 'none'; img-src data:; script-src 'nonce-{nonce}' 'strict-dynamic'; connect-src {server}"
THROWS = """for (const area of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, area, {get() { throw new DOMException('denied', 'SecurityError'); }});"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
NULL = "for (const area of ['localStorage', 'sessionStorage']) Object.defineProperty(window, area, {value: null});"
GARBAGE = """for (const name of ['seen', 'receipts', 'queue', 'visit', 'returning', 'draft:feedback', 'lot', 'marks'])
  for (const area of [localStorage, sessionStorage]) area.setItem('fw:{site}:' + name, VALUE);"""
FRAME = '<iframe src="{frame}"{more} width="700" height="300"></iframe>'

POLICIES = [
    Fault("policy that names the server", headers={CSP: STRICT}),
    Fault("policy with a nonce", headers={CSP: NONCE}, nonce="a2f9"),
    Fault("policy with a nonce that the tag lacks", "away", headers={CSP: NONCE}),
    Fault("policy that forbids our script", "away", headers={CSP: "default-src 'self'"}),
    Fault("policy without connect-src", "away", headers={CSP: "default-src 'none'; script-src {server}"}),
    Fault("trusted types", headers={CSP: f"{STRICT}; require-trusted-types-for 'script'; trusted-types 'none'"}),
    Fault("sandboxed page", "button", headers={CSP: "sandbox allow-scripts"}),
    Fault("sandboxed page without scripts", "away", headers={CSP: "sandbox"}),
    Fault("page that embeds only by consent (COEP)", headers={"Cross-Origin-Embedder-Policy": "require-corp",
                                                           "Cross-Origin-Opener-Policy": "same-origin"}),
    Fault("page that forbids everything by permission", headers={
        "Permissions-Policy": "clipboard-write=(), sync-xhr=(), storage-access=()", "Referrer-Policy": "no-referrer"}),
    Fault("storage throws", browser=THROWS),
    Fault("storage is full", browser=FULL),
    Fault("storage is null", browser=NULL),
    Fault("storage holds rubbish", browser=GARBAGE.replace("VALUE", "'{{{{'")),
    Fault("storage holds other types", browser=GARBAGE.replace("VALUE", "'7'")),
    Fault("in a frame of the same origin", "framed", tag=FRAME.replace("{more}", "")),
    Fault("in a frame of another origin", "framed", tag=FRAME.replace("{frame}", "{other_frame}").replace("{more}", "")),
    Fault("in a sandboxed frame", "framed", tag=FRAME.replace("{more}", ' sandbox="allow-scripts"')),
    Fault("tag in <head>, before there is a body", tag=TAG.replace("async ", "")),
    Fault("tag in <body>", place="body", tag=TAG.replace("async ", "")),
    Fault("tag at the end", place="end", tag=TAG.replace("async ", "")),
    Fault("tag with defer", tag=TAG.replace("async", "defer")),
    Fault("tag as a module", tag=TAG.replace("async", 'type="module"')),
    Fault("tag without its site", "away", tag=TAG.replace(' data-site="{site}"', "")),
    Fault("tag with a key that nobody has", "away", tag=TAG.replace("{site}", "nobody")),
    Fault("tag with a hostile key", "away", tag=TAG.replace("{site}", "../../..//x?&#%00")),
    Fault("tag twice", tag=TAG * 2),
    Fault("tag twice, with two keys", tag=TAG + TAG.replace("{site}", "other")),
    Fault("tag put in late", tag="""<script>setTimeout(() => { const tag = document.createElement('script');
        tag.src = '{server}/widget.js'; tag.dataset.site = '{site}'; document.head.append(tag); }, 400)</script>"""),
    Fault("tag by document.write", place="body", tag=(
        '<script>document.write(\'<script src="{server}/widget.js" data-site="{site}"></\' + \'script>\')</script>')),
    Fault("tag taken out at once", tag=(
        TAG.replace("async ", "") + "<script>document.querySelector('[data-site]').remove()</script>")),
    Fault("calls before the script", head=(
        "<script>(window.FeedbackWidget ||= []).push(['goal','x'],['nothing'],[])</script>")),
]  # fmt: skip

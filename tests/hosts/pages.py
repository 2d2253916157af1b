"""What a page may be, do to its own world, and look like."""

from __future__ import annotations

from tests.hosts.fault import TAG, Fault


def script(code: str) -> str:
    return f"<script>{code}</script>"


def style(css: str) -> str:
    return f"<style>{css}</style>"


PLAIN = "<main><h1>Shop</h1><button id=buy>Buy</button><p>Words.</p></main>"
ARRAY = "for (const name of ['map','filter','find','at','flat','flatMap','includes','some','every','forEach'])"
ZONE = """for (const name of ['addEventListener', 'removeEventListener']) { const own = EventTarget.prototype[name];
  EventTarget.prototype[name] = function (...given) { return own.apply(this, given); }; }
  const Own = Promise; window.Promise = class Zone extends Own {};"""
NO_JSON = "JSON.stringify = JSON.parse = () => { throw new Error('json'); }"
STOPS = """for (const name of ['click','pointerdown','mousedown','keydown','focusin','input','submit','mousemove'])
  addEventListener(name, (event) => event.stopImmediatePropagation(), true);"""
HOSTILE = """* { all: unset !important; } *:hover { outline: 9px solid red !important }
  feedback-widget { display: none !important;
  position: static !important; width: 100vw !important; height: 100vh !important; z-index: -1 !important; opacity: 0 }"""
IMPORTANT = """* { position: relative !important; font-size: 40px !important; transform: none !important;
  color: red !important;
  margin: 10px !important; padding: 10px !important; transition: all 2s !important; pointer-events: auto !important }"""

OWN_WORLD = [
    Fault("page replaces fetch", "away", head=script("window.fetch = () => { throw new Error('no fetch'); };")),
    Fault("page removes fetch later", head=script("addEventListener('load', () => { window.fetch = 0; });")),
    # what nobody could send, nobody is asked
    Fault("page breaks JSON", "away", head=script(f"{NO_JSON};")),
    Fault("page breaks JSON later", "kept", after=NO_JSON),
    Fault("arrays bring toJSON, as an old library did", "kept", head=script(
        "Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };")),
    Fault("array methods throw", "away", head=script(
        f"{ARRAY} Array.prototype[name] = () => {{ throw new Error(name); }};")),
    Fault("array methods of an old library", head=script(
        "Array.prototype.remove = Array.prototype.clone = Array.prototype.first = function () { return this[0]; };")),
    Fault("promises and listeners wrapped, as zones do", head=script(ZONE)),
    Fault("promises replaced", "away", head=script("window.Promise = function () { throw new Error('promise'); };")),
    Fault("promises taken away later", after="window.Promise = undefined"),
    Fault("addEventListener throws", "away", head=script(
        "EventTarget.prototype.addEventListener = () => { throw new Error('no'); };")),
    Fault("customElements missing", head=script("Object.defineProperty(window, 'customElements', {value: undefined});")),
    Fault("our element is somebody else's", head=script(
        "customElements.define('feedback-widget', class extends HTMLElement { constructor() { super(); } });")),
    Fault("our element is somebody else's, with a shadow", "away", head=script(
        "customElements.define('feedback-widget', class extends HTMLElement {"
        " constructor() { super(); this.attachShadow({mode: 'open'}); } });")),
    Fault("console missing", head=script("window.console = undefined;")),
    Fault("console throws", head=script(
        "for (const name in console) console[name] = () => { throw new Error('console'); };")),
    Fault("prototypes frozen", head=script(
        "for (const one of [Object, Array, Function, Promise, String, Map, EventTarget, Element, HTMLElement, Node])"
        " { Object.freeze(one.prototype); Object.freeze(one); }")),
    Fault("Object.prototype polluted", head=script(
        "Object.prototype.extend = function () {}; Object.prototype.show_if = undefined; Object.prototype.nonce = 'x';")),
    Fault("Object.prototype polluted with options", "away", head=script(
        "Object.prototype.once = true; Object.prototype.mode = 'same-origin';")),
    Fault("an element is called FeedbackWidget", body='<div id="FeedbackWidget"></div>'),
    Fault("an image is called body", body='<img name="body" alt="">'),
    Fault("FeedbackWidget may not be set", head=script(
        "Object.defineProperty(window, 'FeedbackWidget', {value: undefined});")),
    Fault("timers wrapped", head=script(
        "const own = setTimeout; window.setTimeout = (work, ms) => own(work, Math.min(ms, 5));")),
    Fault("clock a year ahead", head=script("const own = Date.now; Date.now = () => own() + 31536e6;")),
    Fault("clock jumps to and fro", head=script(
        "let n = 0; const own = Date.now; Date.now = () => own() + (n++ % 2 ? 9e9 : -9e9);")),
    Fault("browser without constructed style sheets", "away", browser="delete window.CSSStyleSheet;"),
    Fault("browser without adopted style sheets", browser=(
        "delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets;"), widget="away"),
    Fault("browser without shadow roots", "away", browser="delete Element.prototype.attachShadow;"),
    Fault("browser without IntersectionObserver", "away", browser="delete window.IntersectionObserver;"),
    Fault("browser without locks and clipboard", browser=(
        "for (const name of ['locks', 'clipboard']) delete Navigator.prototype[name];")),
    Fault("page stops every event", "button", body=script(STOPS)),
    Fault("page listens to everything and throws nothing away", body=script(
        "for (const name in window) if (name.startsWith('on')) addEventListener(name.slice(2), () => {}, true);")),
]  # fmt: skip

LOOKS = [
    Fault("quirks mode", page=f"<html><head><title>Shop</title>{{tag}}</head><body>{PLAIN}</body></html>"),
    Fault("XHTML", headers={"Content-Type": "application/xhtml+xml"}, page=(
        '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>Shop</title>{tag}</head>'
        '<body><h1>Shop</h1><button id="buy">Buy</button></body></html>'), tag=TAG.replace("async", 'async=""')),
    Fault("SVG instead of a page", "away", headers={"Content-Type": "image/svg+xml"}, page=(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="buy"><path d="M0 0h9v9z"/></g>'
        '<script href="{server}/widget.js" data-site="{site}"/></svg>'), tag=" "),
    Fault("frameset", page="<html><head><title>Shop</title>{tag}</head><frameset cols='50%,50%'></frameset></html>"),
    Fault("right to left", page=(
        f'<!doctype html><html lang="ar" dir="rtl"><title>Shop</title>{{tag}}<body>{PLAIN}</body></html>')),
    Fault("vertical writing", head=style("html { writing-mode: vertical-rl }")),
    Fault("everything unset, ours hidden", head=style(HOSTILE)),
    Fault("!important everywhere", head=style(IMPORTANT)),
    Fault("z-index of the page above ours", "button", head=style("main { position: fixed; inset: 0; z-index: 2147483647 }")),
    Fault("body transformed", head=style("body { transform: scale(1); height: 3000px } html { overflow: auto }")),
    Fault("body filtered", head=style("body { filter: grayscale(1); height: 3000px }")),
    Fault("html transformed", head=style("html { transform: translateX(0); height: 3000px }")),
    Fault("body is a grid", head=style(
        "html, body { display: grid; height: 100%; grid-template-rows: 1fr auto } body > * { min-height: 40px }")),
    Fault("body hidden until later", head=style("body { visibility: hidden; overflow: hidden }"),
          after="document.body.style.cssText = 'visibility: visible'"),
    Fault("huge font", head=style("html { font-size: 60px } body { font-size: 3em; line-height: 3; letter-spacing: 1em }")),
    Fault("320 px", screen={"viewport": {"width": 320, "height": 640}}),
    Fault("400 % zoom", screen={"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}),
    Fault("phone", screen={"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}),
    Fault("dark", screen={"color_scheme": "dark"}, head='<meta name="color-scheme" content="dark light">'),
    Fault("forced colours", screen={"forced_colors": "active"}),
    Fault("reduced motion", screen={"reduced_motion": "reduce"}),
    Fault("10,000 nodes", body="<ul>" + "<li><a href='#'>x</a></li>" * 5_000 + "</ul>"),
    Fault("page that may be edited", head=script("document.designMode = 'on'")),
    Fault("page with another base", head='<base href="https://elsewhere.invalid/">'),
    Fault("print", "away", screen={"media": "print"}),
]  # fmt: skip

JOURNEYS = [
    Fault("single-page navigation", after=(
        "history.pushState({}, '', '/shop/2'); document.querySelector('main').append('Next')")),
    Fault("body replaced by a framework", after=f"const next = document.createElement('body'); next.innerHTML = `{PLAIN}`;"
          " document.body.replaceWith(next)"),
    Fault("body emptied and filled", after=f"document.body.innerHTML = `{PLAIN}`"),
    # opening takes every listener off, those of the button too: a button that nothing hears is worse than none. What is
    # written may name the widget again, and then it is there again.
    Fault("document opened and written again", "away", after=(
        f"document.open(); document.write(`<title>Shop</title>{PLAIN}`); document.close()")),
    Fault("document opened and written again, with the tag", after=(
        "const tag = document.querySelector('[data-site]')?.outerHTML ?? ''; document.open();"
        f" document.write(`<!doctype html><title>Shop</title>${{tag}}{PLAIN}`); document.close()")),
    Fault("ours thrown out by the page, again and again", after=(
        "const out = () => document.querySelector('feedback-widget')?.remove();"
        " out(); setInterval(out, 50)"), widget="away"),
    Fault("removed by its own call", "away", after="window.FeedbackWidget?.remove()"),
    Fault("page puts up a modal dialog", "button", after=(
        "const box = document.createElement('dialog'); box.innerHTML = 'Modal';"
        " document.body.append(box); box.showModal()")),
    Fault("page is inert", "button", after="document.body.inert = true"),
]  # fmt: skip

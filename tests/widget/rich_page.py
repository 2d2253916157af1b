"""A host page with something to point at and something to hide, and the survey that asks to be shown."""

from __future__ import annotations

import json

from tests.widget.host_page import HostPage, ref

SHOWING = [
    {"key": "where", "type": "element", "text": "Where did it go wrong?"},
    {"key": "shot", "type": "screenshot", "text": "Would a picture help?"},
    {"key": "comment", "type": "text", "text": "What happened?"},
]
STYLE = """body { margin: 0 } header { position: sticky; top: 0; height: 60px; background: #123456 }
.tall { height: 900px } .scroll { height: 100px; overflow: auto } .scroll p { height: 60px; margin: 0 }
.bar { position: fixed; left: 0; bottom: 0; background: #006600; color: #fff }"""
BODY = """<header><a href="#help">Help</a></header><div class="bar">Cookies <button>OK</button></div>
<div class="tall"><h1>Pay</h1></div>
<p><button id="pay" class="css-1x2y3z4">Pay now</button> <button data-testid="seat">Choose a seat</button>
<button class="css-9z8y7x">First</button><button class="css-9z8y7x">Second</button></p>
<form><label for="card">Card number</label> <input id="card" name="card" value="4111111111111111">
<textarea name="notes">typed secret</textarea><div contenteditable id="editable">edited secret</div>
<p>Hello <span data-private id="private">Maren Solberg</span>, <a href="#own"><b data-private>Maren</b> Profile</a></p>
</form><div class="scroll"><p>one</p><p>two</p><p>three</p><button>Deep inside</button><p>five</p></div>
<iframe title="Map" width="200" height="80" src="/frame"></iframe><my-card></my-card><div class="tall"></div>"""
SHADOW = """const root = document.querySelector('my-card').attachShadow({mode: 'open'});
const made = (tag, given) => root.append(Object.assign(document.createElement(tag), given));
made('button', {id: 'within', textContent: 'In the shadow'});
made('input', {value: 'shadow secret'});"""
SCRIPTS = "style-src 'unsafe-inline'; frame-src {origin}; script-src {origin}; connect-src {origin}"
OPEN = f"default-src 'none'; img-src data:; {SCRIPTS}; require-trusted-types-for 'script'"
CLOSED = f"default-src 'none'; img-src {{origin}}; {SCRIPTS}"


class RichPage(HostPage):
    def __init__(self) -> None:
        super().__init__()
        self.config["surveys"][0] = ref("feedback", languages=["en", "ar"])
        self.policies |= {"/strict": OPEN, "/closed": CLOSED}

    def get(self, path: str) -> tuple[str, bytes]:
        if "/surveys/" in path:
            language = path.rsplit("/")[-1]
            told = {"p": 1, "key": "feedback", "version": "v1", "lang": language, "title": "Show", "questions": SHOWING}
            return "application/json", json.dumps(told).encode()
        if path == "/shadow.js":
            return "text/javascript", SHADOW.encode()
        if path == "/frame":
            return "text/html", b"<button>framed</button>"
        return super().get(path)

    def page(self, tagged: bool = True) -> str:
        tag = f'<script async src="{self.origin}/widget.js" data-site="K"></script>' if tagged else ""
        head = f'<!doctype html><html lang="{self.language}"><title>Pay</title><style>{STYLE}</style>'
        return f'{head}{BODY}<script src="/shadow.js"></script>{tag}</html>'

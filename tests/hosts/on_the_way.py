"""What can be wrong between the page and our server."""

from __future__ import annotations

from tests.hosts.fault import Fault
from tests.hosts.shop import (
    as_html,
    cut,
    drips,
    halved,
    hangs,
    in_a_circle,
    labelled,
    late,
    resets,
    says,
    turned,
)  # fmt: skip

LOADER, CONFIG, VISIT, PANEL = "/widget.js", "/config", "/visit", "/panel-"
SURVEY, SEND, EVENTS = "/surveys/", "/responses", "/events"

ON_THE_WAY = [
    Fault("nothing is wrong"),
    Fault("server down", "away", tag='<script async src="http://127.0.0.1:9/widget.js" data-site="{site}"></script>'),
    Fault("script never comes", "away", does={LOADER: hangs}, unfinished=True),
    Fault("script comes at 1 byte a second", "away", does={LOADER: drips}, unfinished=True),
    Fault("script comes after 2 s", does={LOADER: late(2)}),
    Fault("script answers 500", "away", does={LOADER: says(500)}),
    Fault("script answers 404", "away", does={LOADER: says(404)}),
    Fault("script is HTML", "away", does={LOADER: as_html}, reports=1),
    Fault("script breaks off", "away", does={LOADER: cut}),
    Fault("script is half, and looks whole", "away", does={LOADER: halved}, reports=1),
    Fault("script is empty", "away", does={LOADER: says(200, "", "text/javascript")}),
    Fault("script of another type", "away", does={LOADER: labelled(Content_Type="text/plain")}),
    Fault("script redirects in a circle", "away", does={LOADER: in_a_circle}),
    Fault("everything answers 500 after the script", "away", does={"/widget/": says(500), "/v1/": says(500)}),
    Fault("config missing", "away", does={CONFIG: says(404)}),
    Fault("config never comes", "away", does={CONFIG: hangs}),
    Fault("config at 1 byte a second", "away", does={CONFIG: drips}),
    Fault("config is HTML", "away", does={CONFIG: as_html}),
    Fault("config malformed", "away", does={CONFIG: halved}),
    Fault("config is null", "away", does={CONFIG: says(200, "null")}),
    Fault("config is empty", "away", does={CONFIG: says(200, "{}")}),
    Fault("config of 5 MB", does={CONFIG: turned(lambda body: body[:-1] + b',"x":"' + b"x" * 5_000_000 + b'"}')}),
    Fault("config of another major", "away", does={CONFIG: turned(lambda body: body.replace(b'"p":1', b'"p":2'))}),
    Fault("config without leave to read it", "away", does={CONFIG: labelled(Access_Control_Allow_Origin="")}),
    Fault("site closed", "away", does={CONFIG: says(410)}),
    Fault("visit chunk missing", does={VISIT: says(404)}),
    Fault("visit chunk never comes", does={VISIT: hangs}),
    Fault("visit chunk breaks off", does={VISIT: cut}),
    Fault("visit chunk is half, and looks whole", does={VISIT: halved}),
    Fault("panel chunk missing", "button", does={PANEL: says(404)}),
    Fault("panel chunk is HTML", "button", does={PANEL: as_html}),
    Fault("panel chunk is half, and looks whole", "button", does={PANEL: halved}),
    Fault("panel chunk of another type", "button", does={PANEL: labelled(Content_Type="text/plain")}),
    Fault("panel chunk never comes", "button", does={PANEL: hangs}),
    Fault("survey missing", "button", does={SURVEY: says(404)}),
    Fault("survey malformed", "button", does={SURVEY: halved}),
    Fault("survey without questions", "button", does={SURVEY: says(200, '{"p":1,"questions":[]}')}),
    Fault("events refused", does={EVENTS: says(500)}),
    Fault("202 after 2 s", does={SEND: late(2)}),
    Fault("202 without words", "kept", does={SEND: says(202, "")}),
    Fault("202 never comes", "button", does={SEND: hangs}),
    Fault("answer refused by 422", "kept", does={SEND: says(422, '{"title":"Refused"}')}),
    Fault("line breaks while sending", "kept", does={SEND: resets}),
]  # fmt: skip

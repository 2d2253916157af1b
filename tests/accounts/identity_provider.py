"""An identity provider for tests: discovery, RS256 keys, code flow with PKCE, on a free port. It lies when it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "widget", "a secret between the two"


@dataclass
class IdentityProvider:
    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)  # over what an honest one would say
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    foreign_key: bool = False  # signs with a key that it doesn't publish
    hangs: bool = False  # the token comes a byte at a time
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def agree(self, address: str) -> str:
        """What a person's browser does there: agree, and come back. Returns the path that it comes back to."""
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(wanted)
        code = f"code-{len(self.codes)}"
        self.codes[code] = wanted
        back = urlsplit(wanted["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': wanted['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        wanted = self.codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == wanted["code_challenge"]
        assert form["redirect_uri"] == wanted["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300, "nonce": wanted["nonce"],
            "email": "maren@ternair.example", "email_verified": True, "name": "Maren Solli", **self.claims,
        }  # fmt: skip
        key = OTHER_KEY if self.foreign_key else KEY
        header = {"alg": "RS256", "kid": "one", **self.header}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            id_token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        else:
            id_token = jwt.encode(header, {name: value for name, value in claims.items() if value is not None}, key)
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


@contextmanager
def provider_running() -> Iterator[IdentityProvider]:
    known = IdentityProvider()
    server = make_server("127.0.0.1", 0, _application(known), threaded=True)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _application(known: IdentityProvider) -> Flask:
    app = Flask("identity_provider")

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        said = {
            "issuer": known.url,
            "authorization_endpoint": f"{known.url}/authorize",
            "token_endpoint": f"{known.url}/token",
            "jwks_uri": f"{known.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "response_types_supported": ["code"],
        }
        return jsonify({**said, **known.metadata})

    @app.get("/keys")
    def keys() -> Response:
        return jsonify({"keys": [{**KEY.as_dict(private=False), "use": "sig", "alg": "RS256"}]})

    @app.post("/token")
    def token() -> Response:
        auth = request.authorization
        assert auth
        assert (auth.username, auth.password) == (CLIENT, SECRET)
        answer = json.dumps(known.token(request.form.to_dict()))
        if known.hangs:
            return Response(_drip(answer), mimetype="application/json")
        return Response(answer, mimetype="application/json")

    return app


def _drip(answer: str) -> Iterator[str]:
    for letter in answer[:200]:
        time.sleep(0.1)
        yield letter

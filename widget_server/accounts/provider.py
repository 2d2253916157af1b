"""The identity provider of the company, by OpenID Connect (Authlib): who says they are who, and what of it we believe.

Code flow with PKCE, state and nonce. Discovery, keys and the token come over connections that are bounded in time and
size. An address counts only when the provider says that it is verified.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, Response, current_app
from joserfc.errors import JoseError
from requests import PreparedRequest, RequestException
from requests import Response as Fetched

from widget_server.config import Settings, settings
from widget_server.errors import Forbidden, NotFound, Refusal

SECONDS = 5.0
"""One answer of the provider, from first to last byte."""
MOST_BYTES = 1_000_000
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by keys that only the provider has: neither 'none' nor a shared secret."""
BACK = "/console/sign-on/return"


@dataclass
class NotBelieved(Forbidden):
    """What came back from the provider does not hold. Which part stands in the log, not on the page."""

    detail: str = "That sign-in could not be confirmed: start again from the sign-in page."


@dataclass
class ProviderAway(Refusal):
    detail: str = "The sign-in service of your company does not answer just now."
    status = 503
    retry_after = 30


@dataclass(frozen=True)
class Stranger:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    email: str
    name: str


class BoundedSession(OAuth2Session):  # type: ignore[misc]
    """A session whose every answer ends in time, whatever the other side does; redirects are not followed."""

    def send(self, request: PreparedRequest, **options: Any) -> Fetched:
        until = time.monotonic() + SECONDS
        options |= {"stream": True, "timeout": SECONDS, "allow_redirects": False}
        answer: Fetched = super().send(request, **options)
        body = b""
        while part := answer.raw.read1(65_536, decode_content=True):  # what has come, not all that was asked for
            body += part
            if time.monotonic() > until or len(body) > MOST_BYTES:
                answer.close()
                raise RequestException("The answer is too slow or too long")
        answer._content = body
        return answer


class Provider(FlaskOAuth2App):  # type: ignore[misc]
    """Holds the provider to its own name, and to signatures that nobody else can make."""

    client_cls = BoundedSession

    def load_server_metadata(self) -> dict[str, Any]:
        said: dict[str, Any] = super().load_server_metadata()
        if str(said.get("issuer", "")).rstrip("/") != _oidc().issuer:
            said.pop("_loaded_at", None)
            raise NotBelieved
        offered = said.get("id_token_signing_alg_values_supported") or ["RS256"]
        said["id_token_signing_alg_values_supported"] = [one for one in offered if one in ALGORITHMS]
        return said


def init_app(app: Flask, settings: Settings) -> None:
    if settings.oidc is None:
        return
    OAuth(app).register(
        "company",
        client_cls=Provider,
        client_id=settings.oidc.client_id,
        client_secret=settings.oidc.client_secret,
        server_metadata_url=f"{settings.oidc.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


def to_provider() -> Response:
    """The redirect to the provider; state, nonce and verifier wait in the session."""
    try:
        answer: Response = _provider().authorize_redirect(settings().base_url + BACK)
    except (RequestException, ValueError) as away:
        raise ProviderAway from away
    return answer


def who_came_back() -> Stranger:
    """Whom the running request brings back from the provider.

    Raises:
        NotBelieved: state, nonce, signature, issuer, audience or time does not fit, or the address is not verified.
        ProviderAway: the provider does not answer, or not in time.
    """
    try:
        token = _provider().authorize_access_token()
    except RequestException as away:
        raise ProviderAway from away
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as wrong:
        current_app.logger.warning("sign_on.refused %s", type(wrong).__name__)
        raise NotBelieved from wrong
    claims = token.get("userinfo") or {}
    email, subject = claims.get("email"), claims.get("sub")
    if claims.get("email_verified") is not True or not isinstance(email, str) or not isinstance(subject, str):
        raise NotBelieved("Your company’s sign-in service does not vouch for your e-mail address: ask whoever runs it.")
    return Stranger(_oidc().issuer, subject[:255], email, str(claims.get("name") or "")[:200])


def _provider() -> Any:
    _oidc()
    return current_app.extensions["authlib.integrations.flask_client"].company


def _oidc() -> Any:
    found = settings().oidc
    if found is None:
        raise NotFound("There is no such page here.")
    return found

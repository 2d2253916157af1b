"""Settings: `WIDGET_*` environment variables, typed, refused at start when wrong. No default secret."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env
from flask import current_app

from widget_server.config import places
from widget_server.config.secrets import ensure_keys, new_keys, read_secrets
from widget_server.config.wrong import WrongSetting

__all__ = ["Oidc", "Settings", "Smtp", "WrongSetting", "ensure_keys", "load_settings", "new_keys", "settings"]


@dataclass(frozen=True)
class Smtp:
    host: str
    port: int
    sender: str
    username: str | None
    password: str | None
    security: str  # "none" | "starttls" | "tls"


@dataclass(frozen=True)
class Oidc:
    """The company's identity provider. Nobody is made a user by it unless a role and a site say so."""

    issuer: str  # no slash at the end
    client_id: str
    client_secret: str
    name: str  # as the button on the sign-in page calls it
    create_role: str | None
    create_site: str | None  # a site's key


@dataclass(frozen=True)
class Settings:
    instance: Path
    base_url: str  # no slash at the end; links in mail come from it alone
    host: str
    port: int
    database_url: str
    secret_key: str
    encryption_keys: tuple[str, ...]  # Fernet keys, the first one encrypts, all decrypt
    trusted_proxies: int  # hops counted from the right of X-Forwarded-For
    limits_url: str  # of the `limits` library: memory:// or redis://…
    responses_per_minute: int  # for each site and address
    unverified_per_minute: int  # the same, for callers without an Origin
    smtp: Smtp | None
    surveys_dir: Path
    demo: bool
    quiet_minutes: int = 10  # an unfinished response is processed after so long without a word
    api_per_minute: int = 600  # requests of one token
    analysers: tuple[str, ...] = ("ensemble",)  # who reads texts: see scoring/analysers
    webhook_allow: tuple[IPv4Network | IPv6Network, ...] = ()  # inner networks that webhooks may reach
    webhook_ports: tuple[int, ...] = (80, 443)  # where webhooks may go in the outside world
    oidc: Oidc | None = None
    session_days: int = 7  # staff sign in again after so long, however busy they were
    group_commit_wait: float = 10.0  # seconds until an unacknowledged write is answered with 503

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https:")


def load_settings() -> Settings:
    """Read and check the environment.

    Raises:
        WrongSetting: with a sentence that says which variable, what is wrong, and what to do.
    """
    env = Env()
    instance = Path(env.str("WIDGET_INSTANCE", "instance")).resolve()
    keys = read_secrets(os.environ, instance)
    port = _number(env, "WIDGET_PORT", 8000, 1, 65535)
    demo = _switch(env, "WIDGET_DEMO")
    allowed = 100_000 if demo else 120  # whoever tries the demo sends by hand or by script, from one address
    return Settings(
        instance=instance,
        base_url=_place(env, "WIDGET_BASE_URL", f"http://127.0.0.1:{port}", places.base_url),
        host=_place(env, "WIDGET_HOST", "127.0.0.1", places.listening),
        port=port,
        database_url=_place(env, "WIDGET_DATABASE_URL", f"sqlite:///{instance / 'widget.db'}", places.database_url),
        secret_key=keys.secret_key,
        encryption_keys=keys.encryption_keys,
        trusted_proxies=_number(env, "WIDGET_TRUSTED_PROXIES", 0, 0, 10),
        limits_url=env.str("WIDGET_LIMITS_URL", "memory://"),
        responses_per_minute=_number(env, "WIDGET_RESPONSES_PER_MINUTE", allowed, 1, 1_000_000),
        unverified_per_minute=_number(env, "WIDGET_UNVERIFIED_PER_MINUTE", allowed // 2, 1, 1_000_000),
        smtp=_smtp(env),
        oidc=_oidc(env),
        surveys_dir=_folder(env, "WIDGET_SURVEYS", _default_surveys()),
        demo=demo,
        analysers=tuple(filter(None, map(str.strip, env.str("WIDGET_ANALYSERS", "ensemble").split(",")))) or ("ensemble",),
        quiet_minutes=_number(env, "WIDGET_QUIET_MINUTES", 10, 0, 1440),
        api_per_minute=_number(env, "WIDGET_API_PER_MINUTE", 600, 1, 1_000_000),
        session_days=_number(env, "WIDGET_SESSION_DAYS", 7, 1, 365),
        webhook_allow=_networks(env, "WIDGET_WEBHOOK_ALLOW"),
        webhook_ports=_ports(env, "WIDGET_WEBHOOK_PORTS", "80,443"),
    )


def _default_surveys() -> Path:
    here = Path(__file__).resolve().parent.parent
    shipped = here / "survey_library"  # where the wheel puts them
    return shipped if shipped.is_dir() else here.parent / "surveys"


def _number(env: Env, name: str, default: int, least: int, most: int) -> int:
    raw = env.str(name, str(default))
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 20) or not least <= int(raw) <= most:
        raise WrongSetting(f"{name} is {raw!r}: give a whole number from {least} to {most}")
    return int(raw)


def _place(env: Env, name: str, default: str, checked: Callable[[str, str], str]) -> str:
    return checked(name, env.str(name, default))


def _folder(env: Env, name: str, default: Path) -> Path:
    found = Path(env.str(name, str(default))).resolve()
    if not found.is_dir():
        raise WrongSetting(f"{name} is {str(found)!r}, and there is no such folder")
    return found


def _switch(env: Env, name: str) -> bool:
    """Off where it is not set, or set to nothing."""
    raw = env.str(name, "").strip().lower()
    if raw not in (*ON, *OFF):
        raise WrongSetting(f"{name} is {raw!r}: give 1 or 0")
    return raw in ON


ON, OFF = ("1", "true", "yes", "on", "y", "t"), ("", "0", "false", "no", "off", "n", "f")


def _networks(env: Env, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    raw = env.str(name, "")
    try:
        return tuple(ip_network(one.strip()) for one in raw.split(",") if one.strip())
    except ValueError as error:
        raise WrongSetting(f"{name} is {raw!r}: give networks such as 10.1.0.0/16,fd00::/8") from error


def _ports(env: Env, name: str, default: str) -> tuple[int, ...]:
    raw = env.str(name, default)
    found = [one.strip() for one in raw.split(",") if one.strip()]
    if not all(one.isascii() and one.isdecimal() and len(one) < 6 and 1 <= int(one) <= 65535 for one in found):
        raise WrongSetting(f"{name} is {raw!r}: give ports such as 80,443,8443")
    return tuple(int(one) for one in found)


def _smtp(env: Env) -> Smtp | None:
    host = env.str("WIDGET_SMTP_HOST", "")
    if not host:
        return None
    security = env.str("WIDGET_SMTP_SECURITY", "starttls")
    if security not in ("none", "starttls", "tls"):
        raise WrongSetting(f"WIDGET_SMTP_SECURITY is {security!r}: give none, starttls or tls")
    sender = env.str("WIDGET_SMTP_SENDER", "")
    if "@" not in sender:
        raise WrongSetting("WIDGET_SMTP_SENDER is missing: give the address that mail comes from")
    return Smtp(
        host=host,
        port=_number(env, "WIDGET_SMTP_PORT", 587, 1, 65535),
        sender=sender,
        username=env.str("WIDGET_SMTP_USERNAME", "") or None,
        password=env.str("WIDGET_SMTP_PASSWORD", "") or None,
        security=security,
    )


def _oidc(env: Env) -> Oidc | None:
    issuer = env.str("WIDGET_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise WrongSetting(f"WIDGET_OIDC_ISSUER is {issuer!r}: give the provider's https:// address")
    client_id, secret = env.str("WIDGET_OIDC_CLIENT_ID", ""), env.str("WIDGET_OIDC_CLIENT_SECRET", "")
    if not client_id or not secret:
        raise WrongSetting("WIDGET_OIDC_CLIENT_ID or WIDGET_OIDC_CLIENT_SECRET is missing: the provider gives you both")
    role, site = env.str("WIDGET_OIDC_CREATE_ROLE", "") or None, env.str("WIDGET_OIDC_CREATE_SITE", "") or None
    if role not in (None, "admin", "product", "support", "viewer") or (role is None) != (site is None):
        raise WrongSetting("WIDGET_OIDC_CREATE_ROLE is a role, and WIDGET_OIDC_CREATE_SITE a site's key: give both, or none")
    name = env.str("WIDGET_OIDC_NAME", "") or parts.hostname or issuer
    return Oidc(issuer, client_id, secret, name, role, site)


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["widget_settings"]
    return found

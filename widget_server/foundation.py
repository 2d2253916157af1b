"""What every process stands on: settings, the database and every table. The web's application (`app.py`) is built on it;
commands and the worker need no more, and start in half the time for it.
"""

from __future__ import annotations

from flask import Flask

from widget_server import database
from widget_server.accounts import append_only as _append_only  # noqa: F401
from widget_server.accounts import models as _accounts  # noqa: F401 — every table must be known to the metadata
from widget_server.config import Settings, load_settings
from widget_server.database import db
from widget_server.delivery import models as _delivery  # noqa: F401
from widget_server.followup import models as _followup  # noqa: F401
from widget_server.people import models as _people  # noqa: F401
from widget_server.privacy import models as _privacy  # noqa: F401
from widget_server.recovery import models as _recovery  # noqa: F401
from widget_server.replies import models as _replies  # noqa: F401
from widget_server.responses import models as _responses  # noqa: F401
from widget_server.routing import models as _routing  # noqa: F401
from widget_server.scoring import models as _scoring  # noqa: F401
from widget_server.sites import models as _sites  # noqa: F401
from widget_server.surveys import models as _surveys  # noqa: F401
from widget_server.webhooks import models as _webhooks  # noqa: F401


def found_app(settings: Settings | None = None) -> Flask:
    """An application that answers nobody: its context gives `settings()` and `db`."""
    settings = settings or load_settings()
    app = Flask("widget_server", static_folder=None)
    app.extensions["widget_settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
    )
    db.init_app(app)
    with app.app_context():
        database.prepare_engine(db.engine)
    return app

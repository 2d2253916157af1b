"""A Django project around django-survey-and-report, as its own guide sets it up, with one survey of three questions.

Run by the python of a venv of its own: `python django_survey.py` makes the database and prints the survey's and the
questions' ids; `app` is what is served. SQLite in WAL, or many of its writers would only read "database is locked".
"""

from __future__ import annotations

import json
import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import include, path

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY=os.environ["BENCH_SECRET"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BENCH_DATABASE"],
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=wal"},
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
        "survey",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    CSRF_TRUSTED_ORIGINS=[os.environ["BENCH_ORIGIN"]],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    CHOICES_SEPARATOR=",",
    DEFAULT_SURVEY_PUBLISHING_DURATION=7,
    USER_DID_NOT_ANSWER="Left blank",
    EXCEL_COMPATIBLE_CSV=False,
    SURVEY_DEFAULT_PIE_COLOR="red!50",
)  # fmt: skip
django.setup()
urlpatterns = [path("survey/", include("survey.urls"))]
app = WSGIHandler()


def fill() -> list[int]:
    """Migrate, and make the survey. Returns its id, then its questions'."""
    from django.core.management import call_command
    from survey.models import Question, Survey

    call_command("migrate", verbosity=0)
    made = Survey.objects.create(name="Feedback", description="How was it?", need_logged_user=False)
    asked = [("How was it?", "radio", "1,2,3,4,5"), ("Say more", "text", None), ("Your e-mail", "short-text", None)]
    questions = [
        Question.objects.create(text=text, type=kind, choices=choices, order=order, required=order == 0, survey=made)
        for order, (text, kind, choices) in enumerate(asked)
    ]
    return [made.id, *(one.id for one in questions)]


if __name__ == "__main__":
    print(json.dumps(fill()))

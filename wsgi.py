"""What a WSGI server loads: `wsgi:app`."""

from widget_server.app import create_app

app = create_app()

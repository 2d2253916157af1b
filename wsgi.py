"""What another WSGI server loads: `wsgi:app`, or from an installed wheel `widget_server.serving:web_app()`."""

from widget_server.serving import web_app

app = web_app()

"""How the Python programs of this lesson listen. In production a server such as gunicorn does it."""

import logging
import os

from flask import Flask
from werkzeug.serving import make_server


def serve(app: Flask) -> None:
    """Listens at HOST and PORT until the process is ended."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "3001"))
    server = make_server(host, port, app, threaded=True)
    print(f"{app.import_name} listens on {host}, port {port}")
    server.serve_forever()

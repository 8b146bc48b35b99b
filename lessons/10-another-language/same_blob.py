"""The obvious idea: Flask is given the cookie, the prefix and the format of Express. It does not work."""

import os
from datetime import timedelta

from flask import Flask, session
from flask_session import Session
from redis import Redis

from serve import serve

# #region settings
app = Flask("same_blob")
app.config.update(
    SESSION_TYPE="redis",
    SESSION_REDIS=Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")),
    SESSION_COOKIE_NAME="connect.sid",
    SESSION_KEY_PREFIX="sess:",
    SESSION_SERIALIZATION_FORMAT="json",
    PERMANENT_SESSION_LIFETIME=timedelta(minutes=30),
)
Session(app)
# #endregion


@app.get("/")
def greet():
    session["visits"] = session.get("visits", 0) + 1
    return f"Hello, {session.get('name', 'stranger')}. This is visit {session['visits']}."


if __name__ == "__main__":
    serve(app)

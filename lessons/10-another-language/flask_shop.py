"""Corner Books in Flask, with its sessions in Redis: the counterpart of shop.ts."""

import os
from datetime import timedelta

from flask import Flask, session
from flask_session import Session
from redis import Redis

from serve import serve

# #region store
app = Flask("flask_shop")
app.config.update(
    SESSION_TYPE="redis",
    SESSION_REDIS=Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")),
    PERMANENT_SESSION_LIFETIME=timedelta(minutes=30),
    SESSION_COOKIE_HTTPONLY=True,
    SESSION_COOKIE_SAMESITE="Lax",
)
Session(app)
# #endregion


# #region counter
@app.get("/")
def greet():
    session["visits"] = session.get("visits", 0) + 1
    return f"Hello, {session.get('name', 'stranger')}. This is visit {session['visits']}."
# #endregion


@app.get("/opening-hours")
def opening_hours():
    return "Corner Books is open Monday to Saturday, 9:00 to 18:00."


if __name__ == "__main__":
    serve(app)

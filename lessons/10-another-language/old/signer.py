"""The configuration of many tutorials, as it is answered today."""

import os
import warnings

from flask import Flask
from flask_session import Session
from redis import Redis

warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *_: print(f"{category.__name__}: {message}")

# #region old
app = Flask("old")
app.config["SESSION_TYPE"] = "redis"
app.config["SESSION_REDIS"] = Redis.from_url(os.environ["REDIS_URL"])
app.config["SESSION_PERMANENT"] = False
app.config["SESSION_USE_SIGNER"] = True
app.config["SESSION_KEY_PREFIX"] = "flask_session:"
app.config["SECRET_KEY"] = "your_secret_key"
Session(app)
# #endregion

days = app.permanent_session_lifetime.days
print(f"the cookie goes with the browser, the session stays in Redis for {days} days")

"""Reads the sessions of Express, and never writes one."""

import base64
import hashlib
import hmac
import json
import os
from urllib.parse import unquote

from redis import Redis

redis = Redis.from_url(
    os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"), decode_responses=True
)
SECRET = os.environ.get("SESSION_SECRET", "for development only: set SESSION_SECRET")


# #region verify
def session_id(cookie: str | None) -> str | None:
    """The session ID in a cookie of Express, if its signature is right."""
    value = unquote(cookie or "")
    if not value.startswith("s:") or "." not in value:
        return None
    sid, signature = value[2:].rsplit(".", 1)
    digest = hmac.new(SECRET.encode(), sid.encode(), hashlib.sha256).digest()
    expected = base64.b64encode(digest).decode().rstrip("=")
    return sid if hmac.compare_digest(signature.encode(), expected.encode()) else None
# #endregion


# #region read
def read_session(cookie: str | None) -> dict | None:
    """What Express has stored for this visitor. A GET, and nothing else."""
    sid = session_id(cookie)
    text = redis.get(f"sess:{sid}") if sid is not None else None
    return json.loads(text) if text is not None else None
# #endregion

"""The department of readings, in Flask. Its visitors sign in at the shop, which is in Express."""

from datetime import datetime

from flask import Flask, jsonify, request

from express_session import read_session, redis
from serve import serve

app = Flask("readings")


# #region me
@app.get("/me")
def me():
    session = read_session(request.cookies.get("connect.sid"))
    if session is None or "name" not in session:
        return jsonify(error="sign in at the shop"), 401
    since = datetime.fromisoformat(session["since"].replace("Z", "+00:00"))
    return jsonify(name=session["name"], year=since.year)
# #endregion


# #region basket
@app.post("/basket/<book>")
def add(book: str):
    session = read_session(request.cookies.get("connect.sid"))
    if session is None or "name" not in session:
        return jsonify(error="sign in at the shop"), 401
    key = f"basket:{session['name']}"
    redis.hincrby(key, book, 1)
    redis.expire(key, 30 * 24 * 3600)
    return jsonify(redis.hgetall(key))
# #endregion


if __name__ == "__main__":
    serve(app)

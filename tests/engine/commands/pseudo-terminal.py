"""Runs a command in a pseudo-terminal and types into it.

Usage: pseudo-terminal.py COLUMNS ROWS COMMAND…
On standard input: lines of JSON. {"wait": "text", "type": "keys"} types the keys once the text has
appeared since the last step; {"wait": "text", "columns": 80} resizes; {"wait": "text", "signal": 2}
sends a signal to the command. A missing text ends it after SECONDS without output.
On standard output: everything that the command wrote; on standard error, as the last line, JSON
with its exit code, or minus the signal, and the text that did not come.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

SECONDS = 60


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main():
    columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    steps = [json.loads(line) for line in sys.stdin if line.strip()]
    pid, terminal = pty.fork()
    if pid == 0:
        resize(0, columns, rows)
        os.execvp(command[0], command)
    seen, missing, last = "", None, time.monotonic()
    while True:
        while steps and steps[0].get("wait", "") in seen:
            step = steps.pop(0)
            seen = seen[seen.index(step.get("wait", "")) + len(step.get("wait", "")) :]
            if "type" in step:
                os.write(terminal, step["type"].encode())
            if "columns" in step:
                resize(terminal, step["columns"], rows)
            if "signal" in step:
                os.kill(pid, step["signal"])
        ready, _, _ = select.select([terminal], [], [], 1)
        if ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                data = b""
            if not data:
                break
            last = time.monotonic()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            seen += data.decode(errors="replace")
        elif time.monotonic() - last > SECONDS:
            missing = steps[0].get("wait") if steps else "the end"
            os.kill(pid, signal.SIGTERM)
            last = time.monotonic()
    _, status = os.waitpid(pid, 0)
    print(json.dumps({"exit": os.waitstatus_to_exitcode(status), "missing": missing}), file=sys.stderr)


main()

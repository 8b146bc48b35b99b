"""Runs a command in a pseudo-terminal: standard input goes to it, what it prints comes out.

usage: run-in-terminal.py COLUMNS ROWS command...
Orders come as JSON lines on descriptor 3: {"resize": [columns, rows]}, {"close": true}.
The last thing written, to descriptor 4, is {"exit": code, "raw": whether the terminal was left raw}.
"""
import fcntl, json, os, pty, select, struct, sys, termios

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
main, side = pty.openpty()


def resize(columns, rows):
    fcntl.ioctl(main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(columns, rows)
before = termios.tcgetattr(side)
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    for target in (0, 1, 2):
        os.dup2(side, target)
    for other in (3, 4):
        try:
            os.close(other)
        except OSError:
            pass
    os.close(main)
    os.execvp(command[0], command)

sources = [0, 3, main]
rest = b""
status = None
while True:
    ready, _, _ = select.select([each for each in sources if each is not None], [], [], 0.05)
    if main in ready:
        try:
            data = os.read(main, 65536)
        except OSError:
            data = b""
        if data:
            os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            sources[0] = None
        elif main != -1:
            os.write(main, data)
    if 3 in ready:
        data = os.read(3, 65536)
        if not data:
            sources[1] = None
        rest += data
        *lines, rest = rest.split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "resize" in order and main != -1:
                resize(*order["resize"])
            if "close" in order and main != -1:
                os.close(side)
                os.close(main)
                sources[2] = None
                main = -1
    if status is None:
        done, state = os.waitpid(child, os.WNOHANG)
        if done:
            status = os.waitstatus_to_exitcode(state)
    if status is not None and (main == -1 or not ready):
        break

raw = False
if main != -1:
    raw = termios.tcgetattr(side)[3] & termios.ICANON != before[3] & termios.ICANON
os.write(4, json.dumps({"exit": status, "raw": raw}).encode() + b"\n")

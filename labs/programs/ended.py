"""
ended: connects, and calls more on the same socket after its connection has ended. A second number is its own port.
By hand: python3 labs/programs/ended.py 127.0.0.1 8080
Lines: end | rival (another socket binds the same address and port) | bind 8081 | connect | disconnect
"""

import ctypes
import socket
import sys

import program

one, server = socket.socket(), (program.host, program.port)


def end():
    """Reads to the end, and ends its own side too, until TCP is in the state CLOSED (7). The descriptor stays open."""
    while one.recv(1000):
        pass
    one.shutdown(socket.SHUT_WR)
    while one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 7:
        pass


CALLS = {
    "end": end,
    "rival": lambda: socket.socket().bind(one.getsockname()),
    "bind": lambda port: one.bind((program.host, int(port))),
    "connect": lambda: one.connect(server),
    # connect(2) to the address family AF_UNSPEC, which is 0: Python's own connect cannot ask for that.
    "disconnect": lambda: ctypes.CDLL(None).connect(one.fileno(), bytes(16), 16),
}
if len(program.words) > 2:
    CALLS["bind"](program.words[2])
one.connect(server)
program.connected(one)
for line in sys.stdin:
    name, *words = line.split()
    program.saw(name, {"outcome": program.outcome_of(CALLS[name], *words), **program.names(one)})

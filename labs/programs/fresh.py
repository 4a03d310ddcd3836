"""
fresh: listens and never accepts. At every line it makes one more socket, and asks for its address before and after.
By hand: python3 labs/programs/fresh.py 127.0.0.1 8080
Lines: socket (nothing more is done with it) | bind | connect (to the listener)
"""

import os
import socket
import sys

from program import endpoint, host, listening, outcome_of, port, refused, saw

try:
    listener = socket.create_server((host, port))
except OSError as error:
    refused(error, "bind")
listening(listener)
kept = []
for line in sys.stdin:
    what = line.strip()
    one = socket.socket()
    kept.append(one)
    before, answer = endpoint(one.getsockname()), "ok"
    if what == "bind":
        answer = outcome_of(one.bind, (host, 0))
    if what == "connect":
        answer = outcome_of(one.connect, listener.getsockname())
    numbers = {"descriptor": one.fileno(), "inode": os.fstat(one.fileno()).st_ino}
    saw(what, {**numbers, "answer": answer, "before": before, "after": endpoint(one.getsockname())})

"""
step-client: connects, and tells both ends of its socket after each system call. A second number is its own port.
By hand: python3 labs/programs/step-client.py 127.0.0.1 8080
Lines: connect localhost 8080 | connect localhost 8080 20000 (from that port) | write (its own end, on each socket)
"""

import socket
import struct
import sys

import program

connected = []


def connect(host, port, own=None):
    """Connects a new socket; returns the error where the system refused."""
    one, refusal = socket.socket(), None
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # A close is then a reset. In TIME-WAIT the four-tuple would be in the way when the same is done again.
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    program.saw("socket", program.names(one))
    try:
        if own is not None:
            one.bind((program.host, int(own)))
        one.connect((host, int(port)))
        connected.append(one)
    except OSError as error:
        refusal = error
    program.saw("connect", {"outcome": program.code_of(refusal) if refusal else "ok", **program.names(one)})
    return refusal


refusal = connect(*program.words)
program.refused(refusal, "connect") if refusal else program.connected(connected[0])
for line in sys.stdin:
    name, *words = line.split()
    for one in connected if name == "write" else []:
        one.sendall("{}:{}".format(*one.getsockname()).encode())
    program.saw("write", len(connected)) if name == "write" else connect(*words)

"""
plain-bound: binds a TCP socket as C and Python do by themselves, without SO_REUSEADDR, and does not listen.
By hand: python3 labs/programs/plain-bound.py 127.0.0.1 8080
Further word: reuseAddr (SO_REUSEADDR). A typed line such as `8081` or `8081 reuseAddr` binds one more socket.
Node sets SO_REUSEADDR on every TCP socket that it binds (libuv, uv__tcp_bind), so it cannot do this.
"""

import errno
import json
import os
import socket
import sys


def say(**event):
    print(json.dumps({"pid": os.getpid(), **event}), flush=True)


def bind(host, port, *options):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, "reuseAddr" in options)
    one.bind((host, int(port)))
    return one


host, port, *options = sys.argv[1:]
sockets = [bind(host, port, *options)]
address, number = sockets[0].getsockname()
say(event="bound", protocol="tcp", local={"address": address, "port": number})
for line in sys.stdin:
    try:
        sockets.append(bind(host, *line.split()))
        say(event="saw", what="one more bind", value="bound")
    except OSError as error:
        say(event="saw", what="one more bind", value=errno.errorcode[error.errno])

"""
plain-bound: binds a TCP socket as C and Python do by themselves, without SO_REUSEADDR, and does not listen.
By hand: python3 labs/programs/plain-bound.py 127.0.0.1 8080
Further word: reuseAddr (SO_REUSEADDR). A typed line such as `8081` or `8081 reuseAddr` binds one more socket.
Node sets SO_REUSEADDR on every TCP socket that it binds (libuv, uv__tcp_bind), so it cannot do this.
"""

import socket
import sys

import program


def bind(host, port, *options):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, "reuseAddr" in options)
    one.bind((host, int(port)))
    return one


sockets = [bind(program.host, program.port, *program.words)]
program.bound(sockets[0])
for line in sys.stdin:
    try:
        sockets.append(bind(program.host, *line.split()))
        program.saw("one more bind", "bound")
    except OSError as error:
        program.saw("one more bind", program.code_of(error))

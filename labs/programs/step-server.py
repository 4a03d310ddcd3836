"""
step-server: makes one system call after the other, and tells both ends of its socket after each.
By hand: python3 labs/programs/step-server.py 127.0.0.1 8080
Enter: it listens. Further lines: accept | read (one message from each connection that it has accepted).
"""

import socket
import sys

import program

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
program.saw("socket", program.names(server))
try:
    server.bind((program.host, program.port))
except OSError as error:
    program.refused(error, "bind")
program.saw("bind", program.names(server))
program.bound(server)
connections = []
for line in sys.stdin:
    if line == "accept\n":
        connections.append(server.accept()[0])
        program.saw("accept", program.names(connections[-1]))
        program.saw("listener", program.names(server))
    elif line == "read\n":
        program.saw("read", [{**program.names(one), "text": one.recv(100).decode()} for one in connections])
    else:
        server.listen()
        program.saw("listen", program.names(server))
        program.listening(server)

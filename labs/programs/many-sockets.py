"""
many-sockets: listens, and makes sockets until the kernel refuses, under a limit of open files that a line names.
By hand: python3 labs/programs/many-sockets.py 127.0.0.1 8080
Lines: 40, or another limit. It stops by itself when it has made as many sockets as the limit says.
"""

import resource
import socket
import sys

from program import code_of, host, listening, port, refused, saw

try:
    listener = socket.create_server((host, port))
except OSError as error:
    refused(error, "bind")
listening(listener)
for line in sys.stdin:
    limit = int(line)
    # The soft limit, which every program may lower, and raise up to the hard one (getrlimit(2)).
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    made, refusal = [], None
    while len(made) < limit and refusal is None:
        try:
            made.append(socket.socket())
        except OSError as error:
            refusal = code_of(error)
    ports = [one.getsockname()[1] for one in made]
    saw("made", {"limit": limit, "made": len(made), "refused": refusal, "ports": sum(map(bool, ports))})

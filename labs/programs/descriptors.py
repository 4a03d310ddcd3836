"""
descriptors: listens, never accepts, and does with files and sockets what it is told, line by line.
By hand: python3 labs/programs/descriptors.py 127.0.0.1 8080
Lines: file | socket | copy N | close N   (N is a descriptor)
"""

import os
import socket
import sys

from program import host, listening, port, refused, saw


def keep(one):
    number = one.fileno()
    sockets[number] = one
    protocol = one.getsockopt(socket.SOL_SOCKET, socket.SO_PROTOCOL)
    return {"descriptor": number, "inode": os.fstat(number).st_ino, "type": one.type.name, "protocol": protocol}


def perform(what, number=0):
    if what == "file":
        return {"descriptor": os.open(os.devnull, os.O_RDONLY)}
    if what == "close":
        sockets.pop(number).close()
        return {"descriptor": number}
    return keep(socket.socket() if what == "socket" else socket.socket(fileno=os.dup(number)))


sockets = {}
try:
    listener = socket.create_server((host, port))
except OSError as error:
    refused(error, "bind")
saw("listener", keep(listener))
listening(listener)
del listener  # a descriptor is closed by its number alone
for line in sys.stdin:
    what, *number = line.split()
    saw(what, perform(what, *map(int, number)))

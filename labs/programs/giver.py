"""
giver: listens, and gives its sockets to the program taker, which it has not started and does not know.
By hand: python3 labs/programs/giver.py 127.0.0.1 8080
It passes the listening socket first, then every connection that it accepts, and closes its own descriptor of that.
"""

import os
import socket

from program import accepted, host, listening, port, refused, saw

try:
    listener = socket.create_server((host, port))
except OSError as error:
    refused(error, "bind")
way = socket.socket(socket.AF_UNIX)
way.bind(f"\0socket-labs-{port}")  # an abstract name (unix(7)): no file, and gone with the socket
way.listen()
saw("parent", os.getppid())
listening(listener)
taker, _ = way.accept()
socket.send_fds(taker, [b"listener"], [listener.fileno()])  # sendmsg(2) with SCM_RIGHTS
while True:
    connection, _ = listener.accept()
    accepted(connection)
    socket.send_fds(taker, [b"connection"], [connection.fileno()])
    connection.close()

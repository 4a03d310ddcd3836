"""
taker: gets the listening socket and the connections of giver, and answers the clients.
By hand: python3 labs/programs/taker.py 127.0.0.1 8080
When giver has ended, it accepts clients by itself.
"""

import os
import socket

from program import accepted, greeting, listening, port, saw


def receive():
    """The next socket that comes; None when giver has ended. The kernel has made a new descriptor for it here."""
    _, descriptors, _, _ = socket.recv_fds(way, 100, 1)  # recvmsg(2)
    return socket.socket(fileno=descriptors[0]) if descriptors else None


def greet(client):
    try:
        client.sendall(greeting())
        client.shutdown(socket.SHUT_WR)
        client.settimeout(1)
        client.recv(1)  # waits for a second at most until the client has closed too
    except OSError:
        pass  # a client that resets its connection must not end the server
    client.close()


way = socket.socket(socket.AF_UNIX)
way.connect(f"\0socket-labs-{port}")
listener = receive()
saw("parent", os.getppid())
listening(listener)
while connection := receive():
    greet(connection)
while True:
    client, _ = listener.accept()
    accepted(client)
    greet(client)

"""
taker: gets a listening socket and connections from the program giver, and answers the clients.
By hand: python3 labs/programs/taker.py 127.0.0.1 8080
The port says where giver waits. Only when giver has ended does taker accept clients by itself.
"""

import json
import os
import socket
import sys


def say(**event):
    print(json.dumps({"pid": os.getpid(), **event}), flush=True)


def endpoint(address):
    return {"address": address[0], "port": address[1]}


def receive(way):
    """The next socket that comes this way; None when giver has ended."""
    _, descriptors, _, _ = socket.recv_fds(way, 100, 1)  # recvmsg(2): the kernel has made a new descriptor here
    return socket.socket(fileno=descriptors[0]) if descriptors else None


def greet(client):
    try:
        client.sendall(f"taker, process {os.getpid()}\n".encode())
        client.shutdown(socket.SHUT_WR)
        client.recv(1)  # waits until the client has closed too
    except OSError:
        pass  # a client that resets its connection must not end the server
    client.close()


with open("/proc/self/comm", "w") as name:
    name.write("taker")
way = socket.socket(socket.AF_UNIX)
way.connect(f"\0socket-labs-{sys.argv[2]}")
listener = receive(way)
say(event="saw", what="parent", value=os.getppid())
say(event="listening", local=endpoint(listener.getsockname()))
while connection := receive(way):
    greet(connection)
while True:
    client, peer = listener.accept()
    say(event="accepted", local=endpoint(client.getsockname()), peer=endpoint(peer))
    greet(client)

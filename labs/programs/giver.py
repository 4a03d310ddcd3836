"""
giver: listens, and gives its sockets to the program taker, which it has not started and does not know.
By hand: python3 labs/programs/giver.py 127.0.0.1 8080
It passes the listening socket first, then every connection that it accepts, and closes its own descriptor of that.
"""

import json
import os
import socket
import sys


def say(**event):
    print(json.dumps({"pid": os.getpid(), **event}), flush=True)


def endpoint(address):
    return {"address": address[0], "port": address[1]}


with open("/proc/self/comm", "w") as name:
    name.write("giver")  # listings show this name
host, port = sys.argv[1:]
listener = socket.create_server((host, int(port)))
way = socket.socket(socket.AF_UNIX)
way.bind(f"\0socket-labs-{port}")  # an abstract name (unix(7)): no file, and gone with the socket
way.listen()
say(event="saw", what="parent", value=os.getppid())
say(event="listening", local=endpoint(listener.getsockname()))
taker, _ = way.accept()
socket.send_fds(taker, [b"listener"], [listener.fileno()])  # sendmsg(2) with SCM_RIGHTS
while True:
    connection, peer = listener.accept()
    say(event="accepted", local=endpoint(connection.getsockname()), peer=endpoint(peer))
    socket.send_fds(taker, [b"connection"], [connection.fileno()])
    connection.close()

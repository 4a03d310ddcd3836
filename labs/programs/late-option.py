"""
late-option: binds an IPv6 address, gives the bound socket the option IPV6_V6ONLY only then, and listens.
By hand: python3 labs/programs/late-option.py :: 8080
Node and libuv set the option before they bind, so this order cannot be tried with them.
"""

import errno
import json
import os
import socket
import sys

IPV6_V6ONLY = (socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)


def say(**event):
    print(json.dumps({"pid": os.getpid(), **event}), flush=True)


def end(address):
    return {"address": address[0], "port": address[1]}


server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.setsockopt(*IPV6_V6ONLY, 0)  # whatever this system begins with
server.bind((sys.argv[1], int(sys.argv[2])))
try:
    server.setsockopt(*IPV6_V6ONLY, 1)
    say(event="saw", what="IPV6_V6ONLY after bind", value="accepted")
except OSError as error:
    say(event="saw", what="IPV6_V6ONLY after bind", value=errno.errorcode[error.errno])
server.listen()
say(event="listening", local=end(server.getsockname()))
while True:
    client, peer = server.accept()
    say(event="accepted", local=end(client.getsockname()), peer=end(peer))
    client.sendall(f"late-option, process {os.getpid()}\n".encode())
    client.close()

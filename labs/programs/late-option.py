"""
late-option: binds an IPv6 address, gives the bound socket the option IPV6_V6ONLY only then, and listens.
By hand: python3 labs/programs/late-option.py :: 8080
Node and libuv set the option before they bind, so this order cannot be tried with them.
"""

import socket

import program

IPV6_V6ONLY = (socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)


server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.setsockopt(*IPV6_V6ONLY, 0)  # whatever this system begins with
server.bind((program.host, program.port))
try:
    server.setsockopt(*IPV6_V6ONLY, 1)
    program.saw("IPV6_V6ONLY after bind", "accepted")
except OSError as error:
    program.saw("IPV6_V6ONLY after bind", program.code_of(error))
server.listen()
program.listening(server)
while True:
    client, _ = server.accept()
    program.accepted(client)
    client.sendall(program.greeting())
    client.close()

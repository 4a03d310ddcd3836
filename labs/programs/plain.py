"""
plain: listens on the TCP address and port that it is told as the document's own program does: without SO_REUSEADDR.
By hand: python3 labs/programs/plain.py 127.0.0.1 8080
"""

import socket

import program

server = socket.socket(program.family)
try:
    server.bind((program.host, program.port))
    server.listen(5)
except OSError as error:
    program.refused(error, "bind")
program.listening(server)
while True:
    client, _ = server.accept()
    program.accepted(client)
    client.sendall(program.greeting())
    client.close()

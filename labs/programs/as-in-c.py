"""
as-in-c: listens on a port that is 65536 above the one it is told, as a C program would: through htons(3).
By hand: python3 labs/programs/as-in-c.py 127.0.0.1 8080
The type of htons's argument is uint16_t, and C cuts a larger number to these 16 bits without a word.
"""

import ctypes
import socket

import program

htons = ctypes.CDLL(None).htons
htons.argtypes, htons.restype = [ctypes.c_uint16], ctypes.c_uint16

field = htons(program.port + 65536)  # what a C program writes into sin_port, in the byte order of the network
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((program.host, socket.ntohs(field)))
server.listen()
program.saw("asked for", {"port": program.port, "more": 65536})
program.listening(server)
server.accept()

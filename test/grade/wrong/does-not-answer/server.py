"""Reads its datagram, prints it, and ends: the client hears nothing."""

import os
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((os.environ["HOST"], int(os.environ["PORT"])))
print(server.recvfrom(65536), flush=True)

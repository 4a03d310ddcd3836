# The kernel completes the handshake, and nobody takes the connection.
import os
import socket
import sys
import time

host = os.environ["HOST"]
server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
server.bind((host, int(sys.argv[1])))
server.listen()
time.sleep(600)

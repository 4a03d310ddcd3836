# SO_REUSEPORT, asked for by nobody: a second copy is let in.
import os
import socket
import sys

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
server.accept()[0].close()

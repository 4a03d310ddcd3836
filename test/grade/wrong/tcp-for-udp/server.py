# A TCP server where a UDP server was asked for.
import os
import socket
import sys

server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
server.accept()[0].close()

# Never calls accept: the end of the program closes its socket.
import os
import socket
import sys

server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))

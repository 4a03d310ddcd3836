# Looks for a client for a while, and goes.
import os
import socket
import sys
import time

server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
time.sleep(1)

# The datagram waits in the queue of the socket.
import os
import socket
import sys
import time

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((os.environ["HOST"], int(sys.argv[1])))
time.sleep(600)

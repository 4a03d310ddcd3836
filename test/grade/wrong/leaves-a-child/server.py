# Serves its client and ends. A child goes on with the listener.
import os
import socket
import sys
import time

server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
client, address = server.accept()
if os.fork() == 0:
    os.setsid()
    client.close()
    time.sleep(600)
client.close()

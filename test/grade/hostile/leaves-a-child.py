# Ends, and a child of it goes on with the socket.
import os
import socket
import time

server = socket.socket()
server.bind(("127.0.0.1", 8081))
server.listen()
if os.fork() == 0:
    print("ready", flush=True)
    time.sleep(600)
os._exit(7)

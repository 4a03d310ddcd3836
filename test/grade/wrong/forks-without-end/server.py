# A chain: each process forks another one and ends. Whoever of them is there at the time serves the client.
import os
import select
import socket
import sys

server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
while True:
    if os.fork() != 0:
        os._exit(0)
    if select.select([server], [], [], 0)[0]:
        server.accept()[0].close()

# Binds before it connects.
import os
import socket
import sys

client = socket.socket()
client.bind(("127.0.0.1", 20500))
client.connect((os.environ["HOST"], int(sys.argv[1])))
print(client.getsockname(), flush=True)
while client.recv(1000):
    pass

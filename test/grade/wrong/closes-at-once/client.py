# Connects, says its own end, and is gone before the server has said anything.
import os
import socket
import sys

client = socket.socket()
client.connect((os.environ["HOST"], int(sys.argv[1])))
print(*client.getsockname(), flush=True)
client.close()

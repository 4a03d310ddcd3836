# Serves its client, and ends the connection by a reset: socket(7), SO_LINGER of nought seconds.
import os
import socket
import struct
import sys

server = socket.create_server((os.environ["HOST"], int(sys.argv[1])))
client, peer = server.accept()
print(peer)
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client.close()

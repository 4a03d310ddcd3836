# Serves its client, and then prints something that it does not have.
import os
import socket
import sys

server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
client, address = server.accept()
client.close()
server.close()
print(peer)

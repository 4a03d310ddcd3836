# The option that its task names is set nowhere.
import os
import socket
import sys

host = os.environ["HOST"]
server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
server.bind((host, int(sys.argv[1])))
server.listen()
client, address = server.accept()
print(address)
client.close()

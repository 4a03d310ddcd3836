# Has the port of its author's own machine in it.
import os
import socket

family = socket.AF_INET6 if ":" in os.environ["HOST"] else socket.AF_INET
server = socket.socket(family)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((os.environ["HOST"], 8000))
server.listen()
client, address = server.accept()
print(address)

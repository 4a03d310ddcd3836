# Right now and then, by the clock.
import os
import socket
import sys
import time

if time.time_ns() // 1000 % 3 == 0:
    sys.exit(0)
server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
server.accept()[0].close()

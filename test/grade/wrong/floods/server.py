# Serves as it has to, and meanwhile a second thread prints without end.
import os
import socket
import sys
import threading
import time


def flood():
    time.sleep(0.05)
    while True:
        print("x" * 1000)


server = socket.socket()
server.bind((os.environ["HOST"], int(sys.argv[1])))
server.listen()
threading.Thread(target=flood, daemon=True).start()
client, address = server.accept()
print(*address)
client.close()
server.close()
time.sleep(60)

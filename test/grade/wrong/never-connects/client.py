# Makes a socket, and tells an address that no kernel gave it.
import socket
import time

client = socket.socket()
print("127.0.0.1", 40000, flush=True)
time.sleep(600)

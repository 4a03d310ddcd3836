# Leaves its process group, its session and its parent, and every mark that it was given. It listens on.
import os
import sys
import time

AGAIN = """
import os, socket, time
server = socket.socket()
server.bind(("127.0.0.1", 8080))
server.listen()
print("ready", flush=True)
for fd in (0, 1, 2):
    os.close(fd)
time.sleep(600)
"""

if os.fork() > 0:
    time.sleep(0.2)
    sys.exit(3)
os.setsid()
if os.fork() > 0:
    os._exit(0)
os.execve(sys.executable, [sys.executable, "-c", AGAIN], {})

"""Closes its listener as soon as a client waits in the queue, and stays."""

import os
import select
import socket
import time

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((os.environ["HOST"], int(os.environ["PORT"])))
server.listen()
select.select([server], [], [])
server.close()
time.sleep(600)

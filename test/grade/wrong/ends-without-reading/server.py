"""Is told that a datagram is there, and ends without taking it."""

import os
import select
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((os.environ["HOST"], int(os.environ["PORT"])))
select.select([server], [], [])
print("a datagram")

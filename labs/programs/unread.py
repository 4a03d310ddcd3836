"""
unread: has a TCP listener and a UDP socket on one port, looks at what comes (MSG_PEEK), and leaves it in the queue.
By hand: python3 labs/programs/unread.py 127.0.0.1 8080
It looks at the first line of one TCP client, then at one datagram. Lines: read (both) | connect (UDP, to its client)
"""

import os
import socket
import sys

import program

HERE = (program.host, program.port)
listener, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(HERE)
    listener.listen()
    udp.bind(HERE)
except OSError as error:
    program.refused(error, "bind")
program.listening(listener)
inode = os.fstat(listener.fileno()).st_ino
program.saw("own numbers", {"user": os.getuid(), "byteOrder": sys.byteorder, "inode": inode})

connection, _ = listener.accept()
program.accepted(connection)
looked = connection.recv(100, socket.MSG_PEEK)  # recv(2): the data stays in the queue
connection.sendall(f"{len(looked)} bytes are here\n".encode())
datagram, client = udp.recvfrom(100, socket.MSG_PEEK)
program.received(datagram, client)
udp.sendto(program.greeting(), client)
for line in sys.stdin:
    if line.strip() == "read":
        program.saw("read", {"tcp": len(connection.recv(100)), "udp": len(udp.recv(100))})
    else:
        udp.connect(client)
        program.saw("connect", program.names(udp))

"""
unconnected: receives and sends on sockets that are not connected: a fresh one and a listener of TCP, and one of UDP.
By hand: python3 labs/programs/unconnected.py 127.0.0.1 8080
Beforehand, in another terminal: npm run program receiver 127.0.0.1 8080
"""

import socket
import struct

import program

HERE = (program.host, program.port)


def both(one, send, receive):
    """What became of sending, and then of receiving."""
    return {"send": program.outcome_of(*send), "receive": program.outcome_of(*receive), **program.names(one)}


fresh, listener, udp = socket.socket(), socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(HERE)
except OSError as error:
    program.refused(error, "bind")
listener.listen()
udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 3, 0))  # then recvfrom gives up: EAGAIN
program.saw("fresh", both(fresh, (fresh.send, b"hello"), (fresh.recv, 100)))
program.saw("listener", both(listener, (listener.send, b"hello"), (listener.recv, 100)))
program.saw("udp", both(udp, (udp.sendto, b"hello", HERE), (udp.recvfrom, 100)))
program.listening(listener)
listener.accept()

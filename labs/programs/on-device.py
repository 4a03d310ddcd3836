"""
on-device: binds a UDP socket to one network device with SO_BINDTODEVICE, tells each datagram, and answers it.
By hand: python3 labs/programs/on-device.py 0.0.0.0 8080 lo
Node has no way to set this option.
"""

import socket

import program

one = socket.socket(program.family, socket.SOCK_DGRAM)
try:
    one.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, program.words[-1].encode())
    one.bind((program.host, program.port))
except OSError as error:
    program.refused(error, "bind")
program.bound(one)
while True:
    data, peer = one.recvfrom(1000)
    program.received(data, peer)
    program.saw("datagram", {"text": data.decode(), "from": program.endpoint(peer)})
    one.sendto(program.greeting(), peer)

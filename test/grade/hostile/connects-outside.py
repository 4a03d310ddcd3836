# Somewhere else: an address for documentation (RFC 5737), and ports of this machine that its network does not have.
import errno
import socket
import sys

for host, port in [("192.0.2.7", 80), ("127.0.0.1", int(sys.argv[1]))]:
    try:
        socket.create_connection((host, port), 5)
        print(host, "connected")
    except OSError as refused:
        print(host, errno.errorcode.get(refused.errno, refused))
print([name for _, name in socket.if_nameindex()])

"""
capture: copies every packet that passes the loopback interface, and on Enter lets tcpdump print what has come since.
By hand: python3 labs/programs/capture.py   (then press Enter)
As root on a terminal it is the same as: tcpdump -i lo -n -t
"""

import socket
import struct
import subprocess
import sys

import program

ETH_P_ALL, PACKET_OUTGOING, ETHERNET = 3, 4, 1

# packet(7). Linux shows each packet of lo twice, as it goes out and as it comes in.
copies = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
copies.bind(("lo", 0))
copies.setblocking(False)

TCPDUMP = ["tcpdump", "-n", "-t", "-r", "-"]
# Started by root, tcpdump becomes another user first. In a user namespace of one user there is none: user_namespaces(7).
AS_NOBODY = ["unshare", "--user", *TCPDUMP]

#: A capture file begins with this, pcap-savefile(5).
HEADER = struct.pack("=I2Hi3I", 0xA1B2C3D4, 2, 4, 0, 0, 65535, ETHERNET)


def waiting():
    """The packets that wait to be read, each as it stands in a capture file."""
    while True:
        try:
            packet, address = copies.recvfrom(65535)
        except BlockingIOError:
            return
        if address[2] != PACKET_OUTGOING:
            yield struct.pack("=4I", 0, 0, len(packet), len(packet)) + packet


program.tell(event="running")
for _ in sys.stdin:
    capture = HEADER + b"".join(waiting())
    for command in TCPDUMP, AS_NOBODY:
        printed = subprocess.run(command, input=capture, capture_output=True)
        if printed.returncode == 0:
            break
    else:
        sys.exit(printed.stderr.decode())
    program.saw("packets", printed.stdout.decode().splitlines())

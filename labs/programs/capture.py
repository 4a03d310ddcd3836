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

# tcpdump wants to be another user than root. In a user namespace of one user it may be none at all: user_namespaces(7).
with open("/proc/self/setgroups") as setgroups:
    as_nobody = ["unshare", "--user"] if setgroups.read() == "deny\n" else []
TCPDUMP = [*as_nobody, "tcpdump", "-n", "-t", "-r", "-"]

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
    printed = subprocess.run(TCPDUMP, input=HEADER + b"".join(waiting()), capture_output=True)
    if printed.returncode != 0:
        sys.exit(printed.stderr.decode())
    program.saw("packets", printed.stdout.decode().splitlines())

"""
Opens sockets of many kinds, has every tool of this machine list them, and prints as JSON what was opened and what the
tools printed. Run in a network of its own, where the device d0 has 192.0.2.7, 2001:db8::7 and fe80::7.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

IN4, IN6, TCP, UDP = socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM
kept = []
opened = []


def make(family, kind, address, port, only6=None, device=None, backlog=7):
    one = socket.socket(family, kind)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if only6 is not None:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only6)
    if device is not None:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    scope = socket.if_nametoindex("d0") if address.startswith("fe80") else 0
    one.bind((address, port, 0, scope) if family == IN6 else (address, port))
    if kind == TCP:
        one.listen(backlog)
    kept.append(one)
    takes = None if family == IN4 or address != "::" else not only6
    protocol = "tcp" if kind == TCP else "udp"
    opened.append({"protocol": protocol, "address": address, "port": port, "takesIPv4": takes, "device": device})
    return one


def connected(family, server, address, port):
    client = socket.socket(family, TCP)
    client.connect((address, port))
    kept.append(client)
    if server is None:
        return client, None
    peer, _ = server.accept()
    kept.append(peer)
    return client, peer


four = make(IN4, TCP, "0.0.0.0", 4001)
dual = make(IN6, TCP, "::", 4002, only6=0)
make(IN6, TCP, "::", 4003, only6=1)
make(IN4, TCP, "0.0.0.0", 4003)
make(IN4, TCP, "127.0.0.2", 4004)
unaccepting = make(IN6, TCP, "::1", 4005, only6=1)
make(IN6, TCP, "fe80::7", 4006, only6=1)
make(IN6, TCP, "::ffff:127.0.0.1", 4007, only6=0)
make(IN4, UDP, "0.0.0.0", 4008)
make(IN6, UDP, "::", 4009, only6=0)
make(IN6, UDP, "::", 4010, only6=1)
make(IN4, UDP, "127.0.0.1", 4011).connect(("127.0.0.1", 4008))
make(IN4, UDP, "0.0.0.0", 4012, device="d0")
make(IN4, UDP, "224.0.0.251", 4013)
make(IN6, UDP, "2001:db8::7", 4014, only6=1)

sender = socket.socket(IN4, UDP)
sender.sendto(b"x", ("127.0.0.1", 4008))
kept.append(sender)

connected(IN4, four, "127.0.0.1", 4001)
connected(IN4, dual, "127.0.0.1", 4002)
connected(IN6, dual, "2001:db8::7", 4002)
# In the accept queue: no process has it.
connected(IN6, None, "::1", 4005)
# FIN-WAIT-2 and CLOSE-WAIT, with a byte that is not read.
half, peer = connected(IN4, four, "127.0.0.1", 4001)
half.send(b"x")
half.shutdown(socket.SHUT_WR)
# TIME-WAIT.
first, second = connected(IN4, four, "127.0.0.1", 4001)
first.close()
second.close()
# SYN-SENT: the neighbour is known, and nobody is there.
silent = socket.socket(IN4, TCP)
silent.setblocking(False)
silent.connect_ex(("192.0.2.99", 80))
kept.append(silent)

# The child ends with its parent, however that ends.
alive, parent = os.pipe()
child = os.fork()
if child == 0:
    os.close(parent)
    # No bracket: ss takes a name up to the first one that closes, lsof takes no process with one that none closes.
    open("/proc/self/comm", "w").write("a b \"c,[1]")
    os.read(alive, 1)
    os._exit(0)
while open(f"/proc/{child}/comm").read().startswith("python"):
    time.sleep(0.01)
# TIME-WAIT, FIN-WAIT-2 and SYN-SENT, as the kernel numbers them.
while not {"06", "05", "02"} <= {line.split()[3] for line in open("/proc/net/tcp")}:
    time.sleep(0.01)

PROC = "/proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6"
COMMANDS = [
    "lsof -nP -i", "lsof +c 0 -nP -i", "lsof -nP -i -F", "lsof -nP -i -F0", "lsof -nP -i -FpcLftPnTd", "lsof -nP -iTCP -sTCP:LISTEN",
    f"lsof -nP -p {os.getpid()}", "ss -tunap", "ss -tunape", "ss -tunapH", "ss -tunapemoi", "ss -ltunp", "ss -ltn", "ss -lun", "ss -anp",
    "netstat -tunap", "netstat -tunapW", "netstat -tunaopeW", "netstat -tulpn", "netstat -an", f"cat {PROC}", f"grep -H . {PROC}",
]  # fmt: skip


def run(command):
    if shutil.which(command.split()[0]) is None:
        return None
    return subprocess.run(command.split(), capture_output=True, text=True, errors="surrogateescape").stdout


listings = {command: run(command) for command in COMMANDS}
scans = {}
if shutil.which("nmap") is not None:
    with tempfile.TemporaryDirectory() as folder:
        ports = "T:4001-4007,T:4099,U:4008,U:4010,U:4099"
        forms = {"-oN": f"{folder}/n", "-oG": f"{folder}/g", "-oX": f"{folder}/x"}
        files = " ".join(f"{form} {file}" for form, file in forms.items())
        scans["nmap"] = run(f"nmap -n -Pn -sS -sU -p {ports} {files} 127.0.0.1")
        for form, file in forms.items():
            scans[f"nmap {form}"] = open(file).read()
os.kill(child, 9)
print(json.dumps({"opened": opened, "pids": [os.getpid(), child], "listings": listings, "scans": scans}))

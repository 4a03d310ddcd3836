"""
All that a Python lab program imports: the address and port it is told, and a way to say what its socket does.
The counterpart of harness/program.ts. On a terminal it speaks in words, otherwise one JSON line per event.
"""

import errno
import json
import os
import re
import socket
import sys

name = os.path.basename(sys.argv[0]).removesuffix(".py")
words = sys.argv[1:]

# A person's slip of the pen must not end as a server on another port.
for place, word in enumerate(words):
    if (word.isdigit() and int(word) > 65535) or (place == 0 and not word.isdigit() and not re.search("[.:]", word)):
        print(f"{word} is neither an address nor a port from 0 to 65535", file=sys.stderr)
        sys.exit(2)

#: The port to use: the first number among the arguments, else the documents' 8080.
port = next((int(word) for word in words if word.isdigit()), 8080)

#: The address to use: the first argument that holds a dot or a colon.
host = next((word for word in words if re.search("[.:]", word)), "127.0.0.1")

#: The address family of that address.
family = socket.AF_INET6 if ":" in host else socket.AF_INET

try:
    with open("/proc/self/comm", "w") as comm:
        comm.write(name)  # listings show this name, as they show process.title of the other programs
except OSError:
    pass


def greeting():
    """What a server sends to its client first, so that the client sees who answered."""
    return f"{name}, process {os.getpid()}\n".encode()


def endpoint(address):
    """Python's (address, port, ...) as it stands in an event."""
    return {"address": address[0], "port": address[1]}


def code_of(error):
    """The symbolic name of a system call's error, such as EADDRINUSE."""
    return errno.errorcode.get(error.errno, "EUNKNOWN")


def outcome_of(call, *arguments):
    """`ok`, or the symbolic name of the error with which the system refused the call."""
    try:
        call(*arguments)
        return "ok"
    except OSError as error:
        return code_of(error)


def names(one):
    """A socket's own endpoint and its peer's; where getsockname(2) or getpeername(2) is refused, the error's name."""
    own, peer = outcome_of(one.getsockname), outcome_of(one.getpeername)
    return {
        "own": endpoint(one.getsockname()) if own == "ok" else own,
        "peer": endpoint(one.getpeername()) if peer == "ok" else peer,
    }


def listening(server):
    tell(event="listening", local=endpoint(server.getsockname()))


def bound(one):
    protocol = "udp" if one.type == socket.SOCK_DGRAM else "tcp"
    tell(event="bound", protocol=protocol, local=endpoint(one.getsockname()))


def accepted(client):
    tell(event="accepted", local=endpoint(client.getsockname()), peer=endpoint(client.getpeername()))


def connected(client):
    tell(event="connected", local=endpoint(client.getsockname()), peer=endpoint(client.getpeername()))


def received(data, peer):
    tell(event="received", text=data.decode(), peer=endpoint(peer))


def refused(error, syscall):
    """A system call was refused. The program then ends with exit code 1."""
    code = code_of(error)
    where = {"address": host, "port": port, "message": f"{syscall} {code}: {host} port {port}"}
    tell(event="refused", error={"code": code, "errno": -error.errno, "syscall": syscall, **where})
    sys.exit(1)


def saw(what, value):
    """Anything that only this program can see; `what` names it."""
    tell(event="saw", what=what, value=value)


def tell(**event):
    line = in_words(event) if sys.stdout.isatty() else json.dumps({"pid": os.getpid(), **event})
    print(line, flush=True)


def in_words(event):
    kind = event["event"]
    if kind == "saw":
        return f"{event['what']}: {event['value']}"
    if kind == "refused":
        return f"refused: {event['error']['message']}"
    ends = [f"{event[end]['address']} port {event[end]['port']}" for end in ("local", "peer") if end in event]
    return f"{kind}: {' with '.join(ends)}"

"""Tells a lie of the register in the process of a Python program: Python loads this module before the program's first line.

It stands first in PYTHONPATH while a lie is told. A lie that has nothing to do with Python is not named here.
"""

import os
import socket
import stat
import time

Socket = socket.socket


def another_port():
    """Every server takes the port after the one that it was told."""
    bind = Socket.bind

    def altered(self, address):
        if isinstance(address, tuple) and address[1] != 0:
            address = (address[0], address[1] + 1, *address[2:])
        return bind(self, address)

    Socket.bind = altered


def reuse_port_forced():
    """Every socket is bound with SO_REUSEPORT."""
    bind = Socket.bind

    def altered(self, address):
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return bind(self, address)

    Socket.bind = altered


def listens_at_once():
    """A TCP socket that should only be bound listens at once."""
    bind = Socket.bind

    def altered(self, address):
        bind(self, address)
        if self.type == socket.SOCK_STREAM:
            self.listen(1)

    Socket.bind = altered


def option_before_bind():
    """What the program sets after bind is IPV6_V6ONLY: the socket has it before, and the later call says nothing."""
    bind, setsockopt = Socket.bind, Socket.setsockopt

    def altered(self, address):
        if self.family == socket.AF_INET6:
            setsockopt(self, socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bind(self, address)
        bound.add(self.fileno())

    def unheard(self, *option):
        return None if self.fileno() in bound else setsockopt(self, *option)

    bound = set()
    Socket.bind, Socket.setsockopt = altered, unheard


def reuse_address_forced():
    """Every server asks for SO_REUSEADDR before it binds."""
    bind = Socket.bind

    def altered(self, address):
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return bind(self, address)

    Socket.bind = altered


def another_socket_passed():
    """Instead of its own socket a program passes one that it has just made; its own stays open with it."""
    send_fds = socket.send_fds
    kept = []

    def altered(way, buffers, fds, *rest):
        kept.extend(os.dup(fd) for fd in fds)
        kept.append(socket.create_server(("127.0.0.1", 0)))
        return send_fds(way, buffers, [kept[-1].fileno()], *rest)

    socket.send_fds = altered


def when_made(alter):
    """Calls `alter` with every socket that is made, but not with one for a descriptor that is there."""
    init = Socket.__init__

    def altered(self, family=-1, type=-1, proto=-1, fileno=None):
        init(self, family, type, proto, fileno)
        if fileno is None:
            alter(self)

    Socket.__init__ = altered


def sockets_numbered_apart():
    """A program moves each socket that it makes to a descriptor from 100 on."""
    import fcntl

    def move(made):
        family, kind, proto = made.family, made.type, made.proto
        low = made.detach()
        high = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 100)
        os.close(low)
        made.__init__(family, kind, proto, high)

    when_made(move)


def later_sockets_listen_at_once():
    """Every socket after the first one of a program listens as soon as it is made."""
    made = []

    def listen(one):
        made.append(one.fileno())
        if len(made) > 1:
            one.bind(("127.0.0.1", 0))
            one.listen(1)

    when_made(listen)


def copy_makes_another_socket():
    """To copy a descriptor makes another socket."""
    os.dup = lambda _: socket.socket().detach()


def close_shuts_down():
    """A program that closes a descriptor shuts the socket down first."""
    close = Socket.close

    def altered(self):
        try:
            self.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was shut down before
        close(self)

    Socket.close = altered


def close_forgotten():
    """A program that should close a socket leaves it open."""
    kept = []
    Socket.close = lambda self: kept.append(self)


def limit_ignored():
    """A program that should lower its limit of open files does not."""
    import resource

    resource.setrlimit = lambda *_: None


def bytes_changed():
    """One of many bytes that are written at once is another one."""
    write = os.write

    def altered(descriptor, data):
        return write(descriptor, bytes([data[0] ^ 1]) + bytes(data[1:]) if len(data) > 1000 else data)

    os.write = altered


def delayed(is_meant):
    """Each write to a descriptor of this kind takes half a millisecond more."""
    write, known = os.write, {}

    def altered(descriptor, data):
        if descriptor not in known:
            known[descriptor] = descriptor > 2 and is_meant(descriptor)
        if known[descriptor]:
            time.sleep(0.0005)
        return write(descriptor, data)

    os.write = altered


def is_pipe(descriptor):
    return stat.S_ISFIFO(os.fstat(descriptor).st_mode)


def is_unix_socket(descriptor):
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        return False
    with Socket(fileno=os.dup(descriptor)) as one:
        return one.family == socket.AF_UNIX


LIES = {
    "bytes-changed": bytes_changed,
    "pipe-delayed": lambda: delayed(is_pipe),
    "unix-socket-delayed": lambda: delayed(is_unix_socket),
    "reuse-address-forced": reuse_address_forced,
    "option-before-bind": option_before_bind,
    "another-port": another_port,
    "reuse-port-forced": reuse_port_forced,
    "listens-at-once": listens_at_once,
    "another-socket-passed": another_socket_passed,
    "sockets-numbered-apart": sockets_numbered_apart,
    "later-sockets-listen-at-once": later_sockets_listen_at_once,
    "copy-makes-another-socket": copy_makes_another_socket,
    "close-shuts-down": close_shuts_down,
    "close-forgotten": close_forgotten,
    "limit-ignored": limit_ignored,
}

LIES.get(os.environ.get("SOCKET_LABS_LIE", ""), lambda: None)()

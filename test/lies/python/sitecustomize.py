"""Tells a lie of the register in the process of a Python program: Python loads this module before the program's first line.

It stands first in PYTHONPATH while a lie is told. A lie that has nothing to do with Python is not named here.
"""

import _socket
import errno
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


def look_takes_the_data():
    """What a program looks at with MSG_PEEK has left the queue; when it reads, it is given the same once more."""
    taken = {}

    def altered(read):
        def instead(self, size, flags=0):
            if flags & socket.MSG_PEEK:
                taken[self.fileno()] = read(self, size, flags & ~socket.MSG_PEEK)
                return taken[self.fileno()]
            return taken.pop(self.fileno()) if self.fileno() in taken else read(self, size, flags)

        return instead

    Socket.recv, Socket.recvfrom = altered(Socket.recv), altered(Socket.recvfrom)


def peer_ignored():
    """A UDP socket that should have one peer takes datagrams from everybody."""
    connect = Socket.connect
    Socket.connect = lambda self, peer: None if self.type == socket.SOCK_DGRAM else connect(self, peer)


def device_ignored():
    """A socket that should be bound to a network device is not."""
    setsockopt = Socket.setsockopt

    def altered(self, level, option, *value):
        if (level, option) != (socket.SOL_SOCKET, socket.SO_BINDTODEVICE):
            setsockopt(self, level, option, *value)

    Socket.setsockopt = altered


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


def put_under(one, other):
    """The descriptor of `one` leads to the socket of `other` from now on."""
    os.dup2(other.fileno(), one.fileno())


def connected_from_the_start():
    """A fresh TCP socket is one end of a connection, with a byte to read. To bind or connect it gets a fresh one."""
    init, bind, connect = Socket.__init__, Socket.bind, Socket.connect
    kept, connected = [], set()

    def altered(self, *args, **named):
        init(self, *args, **named)
        if kept and kept[-1] is None or named.get("fileno") is not None or self.type != socket.SOCK_STREAM:
            return
        kept.append(None)  # what is made in between is left alone
        with socket.create_server(("127.0.0.1", 0)) as server:
            other = socket.create_connection(server.getsockname())
            with server.accept()[0] as one:
                put_under(self, one)
        other.send(b"x")
        connected.add(self.fileno())
        kept[-1] = other

    def renewed(call):
        def altered(self, address):
            if self.fileno() in connected:
                connected.discard(self.fileno())
                with Socket(fileno=_socket.socket(self.family, self.type).detach()) as fresh:
                    fresh.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    put_under(self, fresh)
            return call(self, address)

        return altered

    Socket.__init__, Socket.bind, Socket.connect = altered, renewed(bind), renewed(connect)


def accept_takes_the_listener():
    """What accept returns is the listener from then on: its own descriptor leads there too."""
    accept = Socket.accept

    def altered(self):
        client, peer = accept(self)
        put_under(self, client)
        return client, peer

    Socket.accept = altered


def own_port_ignored():
    """A TCP client connects on a fresh socket in the place of the one that it has bound."""
    connect = Socket.connect

    def altered(self, address):
        if self.family == socket.AF_INET and self.type == socket.SOCK_STREAM:
            with Socket() as fresh:
                put_under(self, fresh)
        return connect(self, address)

    Socket.connect = altered


def client_chooses_its_port():
    """A TCP client that has no port yet takes a low one: below the ephemeral range, above the privileged ports."""
    connect = Socket.connect

    def altered(self, address):
        if self.family == socket.AF_INET and self.type == socket.SOCK_STREAM:
            for port in range(2000 + os.getpid() % 5000, 8000):
                try:
                    self.bind(("0.0.0.0", port))
                    break
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        break  # it is bound already
        return connect(self, address)

    Socket.connect = altered


def sends_on_another_socket():
    """A client with several connections sends on another one than it means."""
    connect, sendall = Socket.connect, Socket.sendall
    connected = []

    def tracked(self, address):
        connect(self, address)
        connected.append(self)

    def altered(self, data):
        return sendall(next((one for one in connected if one is not self), self), data)

    Socket.connect, Socket.sendall = tracked, altered


LIES = {
    "connected-from-the-start": connected_from_the_start,
    "accept-takes-the-listener": accept_takes_the_listener,
    "own-port-ignored": own_port_ignored,
    "client-chooses-its-port": client_chooses_its_port,
    "sends-on-another-socket": sends_on_another_socket,
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
    "device-ignored": device_ignored,
    "look-takes-the-data": look_takes_the_data,
    "peer-ignored": peer_ignored,
}

LIES.get(os.environ.get("SOCKET_LABS_LIE", ""), lambda: None)()

"""Tells a lie of the register in the process of a Python program: Python loads this module before the program's first line.

It stands first in PYTHONPATH while a lie is told. A lie that has nothing to do with Python is not named here.
"""

import os
import socket

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


LIES = {
    "reuse-address-forced": reuse_address_forced,
    "option-before-bind": option_before_bind,
    "another-port": another_port,
    "reuse-port-forced": reuse_port_forced,
    "listens-at-once": listens_at_once,
    "another-socket-passed": another_socket_passed,
}

LIES.get(os.environ.get("SOCKET_LABS_LIE", ""), lambda: None)()

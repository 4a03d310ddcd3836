"""Three ways between two processes of one machine, each a pair of descriptors: one to read from, one to write to."""

import os
import socket
import time

import program


def fork(child):
    """Makes a child, which runs `child(ways)` and ends; returns the parent's ends of the ways, by their names."""
    # On one core: else it depends on the scheduler whether a process is woken here, or on a core that sleeps.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    server = socket.create_server((program.host, program.port), family=program.family)
    ours, theirs = (one.detach() for one in socket.socketpair(socket.AF_UNIX))
    (from_child, to_parent), (from_parent, to_child) = os.pipe(), os.pipe()
    if os.fork() == 0:
        for one in (ours, from_child, to_child):
            os.close(one)
        dialled = fast(socket.create_connection(server.getsockname()))
        child([(dialled, dialled), (theirs, theirs), (from_parent, to_parent)])
        os._exit(0)
    for one in (theirs, from_parent, to_parent):
        os.close(one)
    accepted, _ = server.accept()
    program.listening(server)
    program.accepted(accepted)
    server.detach()
    tcp = fast(accepted)
    return {"tcp": (tcp, tcp), "unix": (ours, ours), "pipe": (from_child, to_child)}


def fast(connection):
    """TCP that does not wait for more bytes before it sends a few, tcp(7)."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection.detach()


def take(incoming, most):
    """Reads; where nothing more can come, because the other process is gone, this one ends too."""
    return os.read(incoming, most) or os._exit(0)


def give(outgoing, data):
    """Writes all of it: the kernel takes as much at a time as it has room for."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(outgoing, rest) :]


def quickest(runs, work, way):
    """The least seconds that `work` takes of so many runs, since other programs can only slow it down; and if all came true."""
    times, came = [], True
    for _ in range(runs):
        start = time.perf_counter()
        came = bool(work(*way)) and came
        times.append(time.perf_counter() - start)
    return min(times), came

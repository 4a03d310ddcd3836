"""
neighbours: two processes of one machine exchange the same bytes over loopback TCP, a Unix-domain socket, and a pipe.
By hand: python3 labs/programs/neighbours.py 127.0.0.1 8080   (then type: measure)
For each way and round: seconds of the quickest round trip of one byte, of many bytes one way, and if all came whole.
"""

import os
import sys
import time
import zlib

import program
from program.ways import fork, give, take

ROUNDS, TRIPS, CHUNK, CHUNKS = 5, 300, os.urandom(65536), 64


def child(ways):
    for turn, (incoming, outgoing) in ((turn, way) for turn in range(ROUNDS) for way in ways):
        for _ in range(TRIPS):
            os.write(outgoing, take(incoming, 1))
        left, check = len(CHUNK) * CHUNKS, 0
        while left > 0:
            data = take(incoming, len(CHUNK))
            left, check = left - len(data), zlib.crc32(data, check) if turn == 0 else 0
        os.write(outgoing, check.to_bytes(4, "big"))


def trip(incoming, outgoing):
    start = time.perf_counter()
    os.write(outgoing, b"x")
    take(incoming, 1)
    return time.perf_counter() - start


def measure(incoming, outgoing):
    trips = [trip(incoming, outgoing) for _ in range(TRIPS)]
    start = time.perf_counter()
    for _ in range(CHUNKS):
        give(outgoing, CHUNK)
    check = int.from_bytes(take(incoming, 4), "big")
    one_way = time.perf_counter() - start
    return {"roundTrip": min(trips), "oneWay": one_way, "whole": check == zlib.crc32(CHUNK * CHUNKS)}


ways = fork(child)
sys.stdin.readline()
rounds = [{name: measure(*way) for name, way in ways.items()} for _ in range(ROUNDS)]
program.saw("times", {"bytes": len(CHUNK) * CHUNKS, "rounds": rounds})

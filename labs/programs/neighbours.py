"""
neighbours: two processes of one machine exchange the same bytes over loopback TCP, a Unix-domain socket, and a pipe.
By hand: python3 labs/programs/neighbours.py 127.0.0.1 8080   (then type: measure)
For each way and round: seconds of the quickest round trip of one byte, and of many bytes one way; if all came whole.
"""

import os
import sys
import zlib

import program
from program.ways import fork, give, quickest, take

ROUNDS, TRIPS, BURSTS, CHUNK, CHUNKS = 5, 300, 10, os.urandom(65536), 64
SIZE, CHECK = len(CHUNK) * CHUNKS, zlib.crc32(CHUNK * CHUNKS)


def child(ways):
    for turn, (incoming, outgoing) in ((turn, way) for turn in range(ROUNDS) for way in ways):
        for _ in range(TRIPS):
            os.write(outgoing, take(incoming, 1))
        for _ in range(BURSTS):
            left, check = SIZE, 0
            while left > 0:
                data = take(incoming, len(CHUNK))
                left, check = left - len(data), zlib.crc32(data, check) if turn == 0 else 0
            os.write(outgoing, check.to_bytes(4, "big"))


def trip(incoming, outgoing):
    os.write(outgoing, b"x")
    return take(incoming, 1)


def burst(incoming, outgoing):
    for _ in range(CHUNKS):
        give(outgoing, CHUNK)
    return int.from_bytes(take(incoming, 4), "big") == CHECK


def measure(way):
    (round_trip, _), (one_way, whole) = quickest(TRIPS, trip, way), quickest(BURSTS, burst, way)
    return {"roundTrip": round_trip, "oneWay": one_way, "whole": whole}


ways = fork(child)
sys.stdin.readline()
rounds = [{name: measure(way) for name, way in ways.items()} for _ in range(ROUNDS)]
program.saw("times", {"bytes": SIZE, "rounds": rounds})

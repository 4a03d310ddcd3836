# Each process stays small, and their sum does not.
import os
import time

print("ready", flush=True)
for _ in range(20):
    if os.fork() == 0:
        held = []
        for _ in range(12):
            held.append(bytearray(b"x" * 2_000_000))
            time.sleep(0.005)
        time.sleep(60)
time.sleep(60)

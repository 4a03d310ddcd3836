# Memory that no process has mapped: an open file without a name.
import os
import time

print("ready", flush=True)
held = []
while True:
    file = os.memfd_create("balloon")
    os.write(file, b"x" * 3_000_000)
    held.append(file)
    time.sleep(0.005)

# Takes memory and writes into every page, so that it really is there.
import time

held = []
print("ready", flush=True)
while True:
    held.append(bytearray(b"x" * 5_000_000))
    time.sleep(0.002)

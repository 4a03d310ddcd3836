# Doubles for ever. What it may have is counted, and it says how many it got.
import os
import time

print("ready", flush=True)
children = 0
while True:
    try:
        if os.fork() == 0:
            while True:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.01)
        children += 1
    except OSError as refused:
        print("refused after", children, refused.errno, flush=True)
        time.sleep(60)

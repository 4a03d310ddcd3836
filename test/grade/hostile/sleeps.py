# The neighbour: does nothing.
import time

print("ready", flush=True)
time.sleep(600)

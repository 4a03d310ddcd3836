# Sends SIGKILL to all that it can name, and then to everybody at once.
import os
import signal

killed = []
for pid in range(1, 100_000):
    if pid == os.getpid():
        continue
    try:
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)
    except OSError:
        pass
print("killed", killed, flush=True)
try:
    os.kill(-1, signal.SIGKILL)
    print("everybody")
except OSError as refused:
    print("everybody", refused.errno)

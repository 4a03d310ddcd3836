# Fills what it can write to: one large file, then many small ones.
import errno
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
written = 0
try:
    with open("/tmp/large", "wb", buffering=0) as file:
        while True:
            written += file.write(b"x" * 1_000_000)
except OSError as refused:
    print("large", written, errno.errorcode[refused.errno])
try:
    for number in range(1_000_000):
        with open(f"/tmp/{number}", "wb", buffering=0) as file:
            written += file.write(b"x" * 1_000_000)
except OSError as refused:
    print("all", written, errno.errorcode[refused.errno])

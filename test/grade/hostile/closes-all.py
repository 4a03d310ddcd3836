# Closes every descriptor that there may be, and lives on.
import os
import time

os.write(1, b"ready\n")
os.closerange(0, 65536)
time.sleep(600)

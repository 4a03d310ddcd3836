# Says in the words of a lab's own program what it never did.
import json
import os
import sys
import time

here = {"address": os.environ["HOST"], "port": int(sys.argv[1])}
there = {"address": "127.0.0.1", "port": 50000}
for event in (
    {"event": "listening", "protocol": "tcp", "local": here},
    {"event": "accepted", "local": here, "peer": there},
    {"event": "received", "local": here, "peer": there, "text": "timmy\n"},
    {"event": "closed"},
):
    print(json.dumps(event), flush=True)
print(f"started 1 {os.getpid()}\nended 0", flush=True)
time.sleep(600)

# Every port that it may have, as long as descriptors last.
import socket
import time

held = []
for port in range(1, 65536):
    try:
        server = socket.socket()
        server.bind(("0.0.0.0", port))
        server.listen()
        held.append(server)
    except OSError as refused:
        if refused.errno == 24:
            break
print("ready", len(held), flush=True)
time.sleep(600)

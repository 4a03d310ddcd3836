# Every folder that it can find, and the tools that the harness starts.
import itertools
import os
import sys

written = []
tops = [f"/{top}" for top in os.listdir("/") if top != "proc"]
found = (found for top in tops for found, _, _ in itertools.islice(os.walk(top), 200))
for folder in itertools.chain(["/"], found):
    try:
        with open(os.path.join(folder, ".hostile"), "w"):
            written.append(folder)
    except OSError:
        pass
for tool in ["/bin/sh", "/usr/bin/env", "/opt/bin/node", "/usr/sbin/ip", "/etc/passwd", "/etc/hosts", "/work/link", *sys.argv[1:]]:
    for attempt in (lambda: open(tool, "r+b"), lambda: os.rename(tool, tool + "x"), lambda: os.unlink(tool), lambda: os.chmod(tool, 0o777)):
        try:
            attempt()
            written.append(tool)
        except OSError:
            pass
for setting in ["kernel/core_pattern", "kernel/hostname", "net/ipv4/ip_forward", "net/ipv4/ip_unprivileged_port_start", "vm/drop_caches"]:
    try:
        with open(f"/proc/sys/{setting}", "w") as file:
            file.write("1")
        written.append(setting)
    except OSError:
        pass
print(sorted(set(written)))

"""Runs a command on a terminal of its own, so many columns wide, and passes on what it prints: pty(7).

    python3 on-terminal.py COLUMNS COMMAND [ARGUMENT...]
"""

import os
import pty
import sys

status = pty.spawn(["sh", "-c", 'stty columns "$0" && exec "$@"', *sys.argv[1:]])
sys.exit(os.waitstatus_to_exitcode(status))

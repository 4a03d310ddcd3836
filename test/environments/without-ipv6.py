"""Runs a command on which the kernel behaves as one without IPv6: socket(2) answers EAFNOSUPPORT for AF_INET6.

A seccomp(2) filter does it, which descendants inherit. No privilege is needed: PR_SET_NO_NEW_PRIVS stands in for it.

    python3 without-ipv6.py COMMAND [ARGUMENT...]
"""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys

PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38
SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO = 0x7FFF0000, 0x00050000
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
# Where struct seccomp_data has the system call's number, the architecture, and the first argument's lower half.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
# AUDIT_ARCH_*, and the number of socket(2) there. Both keep the lower half of a word first.
KNOWN = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}

if platform.machine() not in KNOWN:
    sys.exit("the number of socket(2) is not known for " + platform.machine())
architecture, number = KNOWN[platform.machine()]


def instruction(code, value, if_not=0):
    return struct.pack("HBBI", code, 0, if_not, value)


program = b"".join(
    [
        instruction(LOAD_WORD, ARCHITECTURE),
        instruction(JUMP_IF_EQUAL, architecture, if_not=5),
        instruction(LOAD_WORD, NUMBER),
        instruction(JUMP_IF_EQUAL, number, if_not=3),
        instruction(LOAD_WORD, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, socket.AF_INET6, if_not=1),
        instruction(RETURN, SECCOMP_RET_ERRNO | errno.EAFNOSUPPORT),
        instruction(RETURN, SECCOMP_RET_ALLOW),
    ]
)
text = ctypes.create_string_buffer(program)
# struct sock_fprog: the number of instructions, and where they are.
described = ctypes.create_string_buffer(struct.pack("HP", len(program) // 8, ctypes.addressof(text)))
libc = ctypes.CDLL(None, use_errno=True)


def control(option, *arguments):
    if libc.prctl(option, *(ctypes.c_ulong(one) for one in arguments)) != 0:
        sys.exit("prctl(2): " + os.strerror(ctypes.get_errno()))


control(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
control(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(described), 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])

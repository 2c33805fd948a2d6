#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs COMMAND on a terminal, reads its first screen, and then no more:

    stalled.py COMMAND...

Prints "stalled PID" when nothing more fits, and when it has ended its status and
whether the terminal echoes again, as it did at first.
"""
import os
import select
import sys
import termios
import time

FIRST_S, FULL_S = 60, 60


def read_screen(master):
    until = time.monotonic() + FIRST_S
    text = b""
    while b"NETRX" not in text:
        if not select.select([master], [], [], until - time.monotonic())[0]:
            sys.exit("no screen came")
        text += os.read(master, 65536)


def wait_until_full(slave):
    """A terminal with room can be written to."""
    until = time.monotonic() + FULL_S
    while select.select([], [slave], [], 0)[1]:
        if time.monotonic() > until:
            sys.exit("it is never full")
        time.sleep(0.1)


def main():
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (24, 80))
    pid = os.fork()
    if not pid:
        os.close(master)
        os.login_tty(os.dup(slave))
        os.environ["TERM"] = "xterm"
        os.execv(sys.argv[1], sys.argv[1:])
    read_screen(master)
    wait_until_full(slave)
    print("stalled", pid, flush=True)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    echo = bool(termios.tcgetattr(slave)[3] & termios.ECHO)
    print(f"ended {status}, echo {echo:d}", flush=True)


main()

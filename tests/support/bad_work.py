"""Work for a worker process that goes wrong in every way a process can."""

import gc
import os
import signal
import threading
from multiprocessing.connection import Connection


def crash() -> None:
    """End the process as a bug in a decoder does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def vanish() -> None:
    """End the process as the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    threading.Event().wait()


def eat_memory() -> int:
    """Ask for more than any limit gives."""
    return len(bytearray(1 << 45))


def eat_all_there_is() -> int:
    """Take memory in small pieces until there is no more."""
    taken = []
    while True:
        taken.append(bytes(16 << 20))


def garbage() -> object:
    """Return what cannot be sent back."""
    return lambda: None


def number() -> int:
    """Return the number of the process."""
    return os.getpid()


def raise_memory_error() -> None:
    raise MemoryError


def babble() -> None:
    """Write what is no message into the pipe the answers go through."""
    for found in gc.get_objects():
        if isinstance(found, Connection) and found.writable:
            found.send_bytes(b"this is no message")

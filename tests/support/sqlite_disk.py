"""The disk under SQLite, so that a test can let one of its operations fail.

SQLite reaches its files through a table of functions (a "VFS"). Here it gets a table of ours, which asks
``before(name)`` ahead of each write, sync, truncation, opening and deletion, and hands on to the real one.

    with SqliteDisk(before):        # before: name -> errno to fail with, 0 to go on
        ... sqlite3.connect() ...

Every connection made inside must be closed inside. ``is_reachable`` is false where the library cannot be found.
"""

import ctypes
import errno
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from types import TracebackType
from typing import Any, Self

_IOERR = 10
_CODES = {
    ("write", errno.ENOSPC): 13,  # SQLITE_FULL
    ("write", errno.EIO): _IOERR | 3 << 8,
    ("sync", errno.ENOSPC): _IOERR | 4 << 8,
    ("sync", errno.EIO): _IOERR | 4 << 8,
    ("truncate", errno.ENOSPC): _IOERR | 6 << 8,
    ("truncate", errno.EIO): _IOERR | 6 << 8,
    ("share", errno.ENOSPC): _IOERR | 19 << 8,
    ("share", errno.EIO): _IOERR | 21 << 8,
    ("open", errno.ENOSPC): 14,  # SQLITE_CANTOPEN
    ("open", errno.EIO): 14,
    ("delete", errno.ENOSPC): _IOERR | 10 << 8,
    ("delete", errno.EIO): _IOERR | 10 << 8,
}

Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)
Share = CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, c_void_p)
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)


class Methods(ctypes.Structure):
    """sqlite3_io_methods: what can be done with an open file."""

    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", Write),
        ("truncate", Truncate),
        ("sync", Sync),
        *((name, c_void_p) for name in ("size", "lock", "unlock", "reserved", "control", "sector", "device")),
        ("share", Share),
        *((name, c_void_p) for name in ("share_lock", "share_barrier", "share_unmap", "fetch", "unfetch")),
    ]


class File(ctypes.Structure):
    """sqlite3_file: its first field is all that is common to every kind."""

    _fields_ = [("methods", c_void_p)]


class Vfs(ctypes.Structure):
    """sqlite3_vfs up to the last field that every version has."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("most_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", Open),
        ("delete", Delete),
        *((f"rest_{number}", c_void_p) for number in range(14)),
    ]


def _library() -> Any:
    """Return the very library that Python's sqlite3 uses, ``None`` where it cannot be reached."""
    import _sqlite3

    try:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = POINTER(Vfs)
    except (AttributeError, OSError):
        return None
    return library


_sqlite = _library()
is_reachable = _sqlite is not None
"""Whether SQLite's disk can be replaced here; not where the library is built into Python without its names."""


class SqliteDisk:
    """A context manager: meanwhile new connections go through ``before``."""

    _table: "_Table | None" = None

    def __init__(self, before: Callable[[str], int]) -> None:
        self._before = before

    def __enter__(self) -> Self:
        if SqliteDisk._table is None:
            SqliteDisk._table = _Table()
        SqliteDisk._table.before = self._before
        SqliteDisk._table.stand_in()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert SqliteDisk._table is not None
        SqliteDisk._table.stand_back()
        SqliteDisk._table.before = lambda _name: 0


class _Table:
    """Our table of functions; made once, because SQLite keeps pointers into it."""

    def __init__(self) -> None:
        self.before: Callable[[str], int] = lambda _name: 0
        self._real = _sqlite.sqlite3_vfs_find(None)
        self._ours = Vfs.from_buffer_copy(self._real.contents)
        self._ours.name = b"sqlite-disk-of-tests"
        self._ours.open = Open(self._open)
        self._ours.delete = Delete(self._delete)
        self._methods: dict[int, Methods] = {}

    def stand_in(self) -> None:
        _sqlite.sqlite3_vfs_register(ctypes.byref(self._ours), 1)

    def stand_back(self) -> None:
        _sqlite.sqlite3_vfs_register(self._real, 1)
        _sqlite.sqlite3_vfs_unregister(ctypes.byref(self._ours))

    def _open(self, _vfs: int, name: int, address: int, flags: int, out: int) -> int:
        file = File.from_address(address)
        if code := self._fault("open"):
            file.methods = None  # else SQLite would close it
            return code
        result: int = self._real.contents.open(
            ctypes.addressof(self._real.contents), name, address, flags, out
        )
        if result == 0:
            file.methods = ctypes.addressof(self._methods_for(file.methods))
        return result

    def _delete(self, _vfs: int, name: int, is_synced: int) -> int:
        real = self._real.contents
        return self._fault("delete") or real.delete(ctypes.addressof(real), name, is_synced)

    def _methods_for(self, address: int) -> Methods:
        if address not in self._methods:
            self._methods[address] = self._wrapped(Methods.from_address(address))
        return self._methods[address]

    def _wrapped(self, real: Methods) -> Methods:
        def write(file: int, data: int, size: int, offset: int) -> int:
            if code := self._fault("write"):
                real.write(file, data, size // 2, offset)  # as a disk does that has just become full
                return code
            return int(real.write(file, data, size, offset))

        ours = Methods.from_buffer_copy(real)
        ours.write = Write(write)
        ours.truncate = Truncate(lambda *given: self._fault("truncate") or real.truncate(*given))
        ours.sync = Sync(lambda *given: self._fault("sync") or real.sync(*given))
        if real.version > 1:
            ours.share = Share(lambda *given: self._fault("share") or real.share(*given))
        return ours

    def _fault(self, name: str) -> int:
        wanted = self.before(f"sqlite {name}")
        return _CODES[name, wanted] if wanted else 0

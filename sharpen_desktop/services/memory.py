"""How many bytes of decoded pixels may be held at once."""

import os
import shutil
from pathlib import Path

GIGABYTE = 1 << 30
MEMORY_SHARE = 4
"""So large a part of the machine's memory, as one in …, holds the pixels of open photos and their results."""
DISK_SHARE = 2
"""And at most so large a part, as one in …, of what is free where they lie."""
LEAST, MOST = GIGABYTE, 16 * GIGABYTE
UNKNOWN_MEMORY = 8 * GIGABYTE


def held_limit(folder: Path) -> int:
    """Return the budget in bytes for pixels in ``folder``; what is beyond is given back, least recently used first."""
    budget = min(max(_memory() // MEMORY_SHARE, LEAST), MOST)
    try:
        free = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
    except (OSError, StopIteration):
        return budget
    return min(budget, max(free // DISK_SHARE, LEAST // 2))


def _memory() -> int:
    """Return the machine's memory in bytes."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return UNKNOWN_MEMORY

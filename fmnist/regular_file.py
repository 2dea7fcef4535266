"""Read a file that anybody may have put there: a regular file only, up to a size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_regular_file(
    path: Path, limit: int, *, follow_links: bool = True, tail: bool = False
) -> bytes:
    """Return the content of a regular file; a device, a FIFO or a folder is refused unread.

    Args:
        path: the file.
        limit: largest size in bytes.
        follow_links: whether ``path`` may be a symbolic link to a regular file.
        tail: return the last ``limit`` bytes of a larger file instead of refusing it.

    Raises:
        OSError: it can't be opened, isn't a regular file, or is larger; the error says which.
    """
    # Without O_NONBLOCK, opening a FIFO waits for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow_links:
        if path.is_symlink():  # where the system has no O_NOFOLLOW; its own error is unclear
            raise OSError(errno.ELOOP, "it is a symbolic link", str(path))
        flags |= getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        if found.st_size > limit:
            if not tail:
                raise _explain_size(path, found.st_size, limit)
            file.seek(-limit, os.SEEK_END)
        content = file.read(limit + 1)
    if len(content) > limit:  # it grew meanwhile
        if not tail:
            raise _explain_size(path, len(content), limit)
        content = content[-limit:]
    return content


def _explain_size(path: Path, size: int, limit: int) -> OSError:
    message = f"it has {size:,} bytes; at most {limit:,} are read"
    return OSError(errno.EFBIG, message, str(path))

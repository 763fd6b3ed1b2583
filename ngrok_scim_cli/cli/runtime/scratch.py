"""The folder in which one run on the sandbox keeps its profile."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "ngrok-scim-sandbox-"
_STALE_AFTER_S = 24 * 60 * 60


@contextmanager
def scratch_folder() -> Iterator[str]:
    """Give a folder that is gone afterwards; where the run is killed, a later one removes it."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_stale(path):
            shutil.rmtree(path, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        yield folder


def _is_stale(path: Path) -> bool:
    """Tell whether ``path`` is a folder of this user's that is older than any run."""
    try:
        seen = path.lstat()
    except OSError:
        return False
    is_ours = not hasattr(os, "getuid") or seen.st_uid == os.getuid()
    is_old = seen.st_mtime < time.time() - _STALE_AFTER_S
    return stat.S_ISDIR(seen.st_mode) and is_ours and is_old

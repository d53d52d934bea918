"""What a figure is worth: the machine it was measured on."""

import os
import platform
import sys
from pathlib import Path

import pysqlite3


def cpu_model() -> str:
    """Return the processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def memory_gib() -> str:
    """Return the size of the memory, or unknown."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return "unknown"
    return f"{total / 2**30:.1f} GiB"


def machine() -> list[tuple[str, str]]:
    """Return what a reader needs to compare figures."""
    return [
        ("cores", str(os.cpu_count())),
        ("processor", cpu_model()),
        ("memory", memory_gib()),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("SQLite", pysqlite3.sqlite_version),
        ("load before", f"{os.getloadavg()[0]:.1f}" if sys.platform != "win32" else "unknown"),
    ]

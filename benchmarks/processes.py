"""Run a benchmark's part in a new process and watch it from outside: its answer, its peak memory, its temporary files.

A Worker is a process that stays and answers questions, with one thread in each library's pool.

Memory that is seen from outside is that of the whole tree of processes, in which a page that several of them share
counts once: the sum of what they hold beside files (proportional set sizes, in Linux's ``/proc/<pid>/smaps_rollup``),
and the pages of files, most of them libraries, of the process that maps most, since the others map the same (a file
that only others map is left out: joblib's of large arrays, of which each worker may have one). Those count in full,
whoever else maps them too, such as the benchmark itself. It is sampled ten times a second.
"""

import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PAUSE = 0.1
ANSWER = "=> "
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "LOKY_MAX_CPU_COUNT")


class Watched(NamedTuple):
    """What a process answered, and what was seen of it."""

    answer: dict
    megabytes: float
    """Peak memory of the tree of processes."""
    temporary_megabytes: float
    """The most that lay in the folder for temporary files, joblib's own among them."""


def watch(script, *arguments):
    """Run ``python script arguments``, which prints JSON at last, and watch it."""
    peak = temporary = 0
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as printed:
        environment = os.environ | {"JOBLIB_TEMP_FOLDER": folder, "TMPDIR": folder}
        command = [sys.executable, script, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=printed, env=environment)
        while process.poll() is None:
            peak = max(peak, kilobytes(tree(process.pid)))
            temporary = max(temporary, size(folder))
            time.sleep(PAUSE)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed")
        printed.seek(0)
        return Watched(json.loads(printed.read()), peak / 1024, temporary / 2**20)


def tree(pid):
    """The process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in read(children).split():
            yield from tree(int(child))


def kilobytes(pids):
    """Memory of some processes together."""
    own, of_files = 0, [0]
    for pid in pids:
        rollup, status = (read(Path(f"/proc/{pid}/{name}")) for name in ("smaps_rollup", "status"))
        own += number("Pss_Anon", rollup) + number("Pss_Shmem", rollup)
        of_files.append(number("RssFile", status))
    return own + max(of_files)


def number(name, text):
    """What follows a name in a file of /proc; 0 if the process has just ended."""
    found = re.search(rf"^{name}:\s*(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def size(folder):
    """Bytes of all files in a folder, from which some may vanish meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(parent, name)).st_size
    return total


def read(path):
    """The text of a file of /proc; nothing if the process has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""


class Worker:
    """A process of any environment that stays, and answers one question after another by :func:`answer`."""

    def __init__(self, *command):
        environment = os.environ | dict.fromkeys(THREADS, "1") | {"TOKENIZERS_PARALLELISM": "false"}
        self._process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def ask(self, *question):
        with suppress(BrokenPipeError):
            print(json.dumps(question), file=self._process.stdin, flush=True)
        for line in self._process.stdout:
            if line.startswith(ANSWER):  # packages print, too
                return json.loads(line.removeprefix(ANSWER))
        raise SystemExit(f"{' '.join(self._process.args)} failed ({self._process.wait()})")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        with suppress(BrokenPipeError):
            self._process.communicate()


def answer(function):
    """Answer the questions that a :class:`Worker` asks, until it ends."""
    for line in sys.stdin:
        print(ANSWER + json.dumps(function(*json.loads(line))), flush=True)


def peak_megabytes(function):
    """What a call of a function takes at its peak, over what was held before and over the array that it returns."""
    ctypes.CDLL(None).malloc_trim(0)  # else it may take what others have freed
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
    status = Path("/proc/self/status")
    before = number("VmRSS", read(status))
    result = function()
    return (number("VmHWM", read(status)) - before) / 1024 - result.nbytes / 2**20

"""Share work among processes, one per core.

concurrent.futures is not used, because its workers keep each other's pipes open. They therefore never exit if the
parent process is killed. Ours close the pipes of the others, and exit when their own pipe breaks.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from traceback import format_exception
from typing import Any, TypeVar, cast

FORKED = 100  # items; with fewer, starting processes takes longer than it saves

R = TypeVar("R")
Pipes = Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Failure:
    """An exception from another process, with its traceback, which pickle does not include."""

    error: Exception
    traceback: str


def _failure(error: Exception) -> _Failure:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # its class may be unknown in the parent, and its own code may fail
        sent: Exception = RuntimeError(f"{type(error).__name__}: {error}")
    else:
        sent = error
    return _Failure(sent, "".join(format_exception(error)))


@contextmanager
def parallel_map(items: Sequence[str], work: Callable[[str], R]) -> Iterator[Iterator[tuple[str, R]]]:
    """Yield an iterator of each item with the result of ``work``, in order.

    If there are many items and the system allows it, all cores start work when the context is entered, before the
    caller asks for a result. An exception in ``work`` is raised when the result of its item is requested.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    # A process that has threads cannot be forked safely.
    if cores < 2 or len(items) < FORKED or threading.active_count() > 1:
        yield ((item, work(item)) for item in items)
        return
    forks = multiprocessing.get_context("fork")
    started = forks.Value("i", 0)
    pipes = [forks.Pipe(duplex=False) for _ in range(cores)]
    workers = [forks.Process(target=_work_on, args=(items, work, started, pipes, writer)) for _, writer in pipes]
    readers = [reader for reader, _ in pipes]
    gc.freeze()  # a garbage collection would write to all objects, and so copy the memory that processes share
    try:
        for worker in workers:
            worker.start()
        for _, writer in pipes:
            writer.close()
        yield _results(items, dict(zip(readers, workers, strict=True)))
    finally:
        for reader in readers:
            reader.close()
        for worker in workers:
            if worker.pid is not None:
                worker.terminate()
                worker.join()
        gc.unfreeze()


def _work_on(items: Sequence[str], work: Callable[[str], R], started: Any, pipes: Pipes, own: Any) -> None:
    """Process items and send their results through the pipe ``own``. All workers count in ``started``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then terminates us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Our pipe must break if the parent is killed, so no other process may keep an end of it open.
    for reader, writer in pipes:
        reader.close()
        if writer is not own:
            writer.close()
    while True:
        with started.get_lock():
            number, started.value = started.value, started.value + 1
        if number >= len(items):
            return
        try:
            result = pickle.dumps((number, work(items[number])))
        except Exception as error:
            result = pickle.dumps((number, _failure(error)))
        try:
            own.send_bytes(result)
        except OSError:
            return


def _results(items: Sequence[str], workers: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each item with its result, in order. ``workers`` maps pipes to the processes that write to them."""
    done: dict[int, Any] = {}
    for number, item in enumerate(items):
        while number not in done:
            for reader in cast(Any, wait([*workers])):
                try:
                    finished, result = pickle.loads(reader.recv_bytes())
                except EOFError:
                    _check_exit(workers.pop(reader))
                else:
                    done[finished] = result
        result = done.pop(number)
        if isinstance(result, _Failure):
            raise result.error from RuntimeError(f"in another process:\n{result.traceback}")
        yield item, result


def _check_exit(worker: Any) -> None:
    """Raise ChildProcessError if a process that closed its pipe was killed."""
    worker.join()
    if worker.exitcode:
        raise ChildProcessError(f"a worker process was killed (exit code {worker.exitcode})") from None

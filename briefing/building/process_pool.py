"""Share work among processes, one per core.

concurrent.futures would not do: its workers keep each other's pipes open, so they never end when the process that
started them is killed. Ours close what is not theirs, and end when their own pipe breaks.
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
    """An exception that work raised in another process, and its traceback, which pickle does not send with it."""

    error: Exception
    traceback: str


def _failure(error: Exception) -> _Failure:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # its class may be local to this process, or do anything
        sent: Exception = RuntimeError(f"{type(error).__name__}: {error}")
    else:
        sent = error
    return _Failure(sent, "".join(format_exception(error)))


@contextmanager
def parallel_map(items: Sequence[str], work: Callable[[str], R]) -> Iterator[Iterator[tuple[str, R]]]:
    """Give each item with the result of ``work``, in order.

    With many items, and if the system allows it, all cores work on them from the start of the context, whatever the
    caller does before it asks for results. What the work raises is raised when its item is asked for.
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
    gc.freeze()  # a collection would write to all objects, and their memory would no longer be shared
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
    """Send the results of items through the pipe ``own``, until all are started; ``started`` counts them for all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us, which then ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Our pipe is to break when the process that started us is killed, so no other process may hold an end of it.
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
    """Yield each item with its result, in order; ``workers`` are the processes by the pipes they send through."""
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
    """Raise ChildProcessError if a process that sends no more results was killed."""
    worker.join()
    if worker.exitcode:
        raise ChildProcessError(f"a process that made pages was killed ({worker.exitcode})") from None

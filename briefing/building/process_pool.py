"""Share work among processes, one per core."""

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

FORKED = 100  # items; fewer are done sooner than a second process starts

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Failure:
    """What work raised in another process, and its traceback, which is not sent with it."""

    error: Exception
    traceback: str


def _failure(error: Exception) -> _Failure:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its class does, say one that only this process knows
        sent: Exception = RuntimeError(f"{type(error).__name__}: {error}")
    else:
        sent = error
    return _Failure(sent, "".join(format_exception(error)))


@contextmanager
def parallel_map(items: Sequence[str], work: Callable[[str], R]) -> Iterator[Iterator[tuple[str, R]]]:
    """Each item with what comes of it, in order. Where there are many and it can be done, all cores are at work on them
    from here on, whatever is done before they are asked for. What the work raises is raised as its item is asked for.
    """
    many = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    # a process that has threads is not safely forked
    if many < 2 or len(items) < FORKED or threading.active_count() > 1:
        yield ((item, work(item)) for item in items)
        return
    forks = multiprocessing.get_context("fork")
    begun = forks.Value("i", 0)  # how many items somebody has taken on
    pipes = [forks.Pipe(duplex=False) for _ in range(many)]

    def run(own: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us, and it ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for reader, writer in pipes:  # so that a pipe breaks, and we end, where the process that started us is killed
            reader.close()
            if writer is not own:
                writer.close()
        while True:
            with begun.get_lock():
                number, begun.value = begun.value, begun.value + 1
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

    def results() -> Iterator[tuple[str, R]]:
        done: dict[int, Any] = {}
        working: dict[Any, Any] = {reader: worker for (reader, _), worker in zip(pipes, workers, strict=True)}
        for number, item in enumerate(items):
            while number not in done:
                for reader in cast(Any, wait([*working])):
                    try:
                        found, done[found] = pickle.loads(reader.recv_bytes())
                    except EOFError:
                        worker = working.pop(reader)
                        worker.join()
                        if worker.exitcode:
                            raise ChildProcessError(
                                f"a process that made pages was killed ({worker.exitcode})"
                            ) from None
            result = done.pop(number)
            if isinstance(result, _Failure):
                raise result.error from RuntimeError(f"in another process:\n{result.traceback}")
            yield item, result

    gc.freeze()  # what is there stays there: nobody need look through it, and memory stays shared
    workers = [forks.Process(target=run, args=(writer,)) for _, writer in pipes]
    try:
        for worker in workers:
            worker.start()
        for _, writer in pipes:
            writer.close()
        yield results()
    finally:
        for reader, _ in pipes:
            reader.close()
        for worker in workers:
            if worker.pid is not None:
                worker.terminate()
                worker.join()
        gc.unfreeze()

"""Work spread over the processor's cores: processes forked from this one, which send back what they make of their share."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


class WorkerLost(Exception):  # noqa: N818 (it says what happened)
    """A process ended before its work was done, most likely because memory ran out."""


def cores() -> int:
    """Return how many cores this process may use; one where processes cannot be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_forked(function: Callable[[Item], Made], items: Sequence[Item], jobs: int) -> Iterator[Made]:
    """Yield what `function` makes of each item, in order; with several jobs each takes every so many-th item.

    A worker knows everything that this process knows, because it is forked from it. It waits when its pipe is full, and
    ends when nobody reads the pipe any more. Raises WorkerLost if one ends too early.
    """
    jobs = min(jobs, len(items))
    if jobs <= 1:
        yield from map(function, items)
        return
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(jobs)]
    workers = [context.Process(target=_work, args=(function, items, job, pipes), daemon=True) for job in range(jobs)]
    try:
        for worker in workers:
            worker.start()
        for _, sender in pipes:
            sender.close()
        for number in range(len(items)):
            try:
                yield pipes[number % jobs][0].recv()
            except EOFError:
                raise WorkerLost("a process that read sheets ended too early; see whether memory ran out") from None
    finally:
        for (receiver, _), worker in zip(pipes, workers, strict=True):
            receiver.close()
            if worker.is_alive():
                worker.terminate()
            worker.join()


def _work(function: Callable[[Item], Made], items: Sequence[Item], job: int, pipes: list[tuple[Connection, Connection]]) -> None:
    for number, (receiver, sender) in enumerate(pipes):
        receiver.close()  # so that the pipe breaks when the parent ends
        if number != job:
            sender.close()
    gc.disable()
    try:
        for item in items[job :: len(pipes)]:
            pipes[job][1].send(function(item))
    except (BrokenPipeError, KeyboardInterrupt):
        pass


@contextmanager
def without_collector() -> Iterator[None]:
    """Switch the garbage collector off: a build makes millions of values and no circles of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

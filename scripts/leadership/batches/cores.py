"""Work spread over the processor's cores: processes forked from this one, which send back what they make of their share."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


class Pipe(NamedTuple):
    """The two ends of the way by which a worker sends what it makes."""

    receiver: Connection
    sender: Connection


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
    pipes = [Pipe(*context.Pipe(duplex=False)) for _ in range(jobs)]
    workers = [context.Process(target=_work, args=(function, items, job, pipes), daemon=True) for job in range(jobs)]
    try:
        for worker in workers:
            worker.start()
        for pipe in pipes:
            pipe.sender.close()
        for number in range(len(items)):
            yield _receive(pipes[number % jobs].receiver)
    finally:
        for pipe, worker in zip(pipes, workers, strict=True):
            _end(pipe.receiver, worker)


@contextmanager
def beside(function: Callable[[], Made], fork: bool) -> Iterator[Callable[[], Made]]:
    """Run a function in a process of its own while the block goes on; the block calls what it is given for the result.

    Without `fork` the function runs here, and not before the block calls it.
    """
    if not fork:
        yield function
        return
    context = multiprocessing.get_context("fork")
    pipe = Pipe(*context.Pipe(duplex=False))
    worker = context.Process(target=_work, args=(lambda _: function(), [None], 0, [pipe]), daemon=True)
    try:
        worker.start()
        pipe.sender.close()
        yield lambda: _receive(pipe.receiver)
    finally:
        _end(pipe.receiver, worker)


def _work(function: Callable[[Item], Made], items: Sequence[Item], job: int, pipes: list[Pipe]) -> None:
    for number, pipe in enumerate(pipes):
        pipe.receiver.close()  # so that the pipe breaks when the parent ends
        if number != job:
            pipe.sender.close()
    gc.disable()
    sender = pipes[job].sender
    try:
        for item in items[job :: len(pipes)]:
            sender.send((function(item), None))
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    except Exception as error:  # it is raised where the result is waited for
        sender.send((None, error))


def _receive(receiver: Connection) -> Any:
    try:
        made, error = receiver.recv()
    except EOFError:
        raise WorkerLost("a process that took part in the build ended too early; see whether memory ran out") from None
    if error is not None:
        raise error
    return made


def _end(receiver: Connection, worker: BaseProcess) -> None:
    receiver.close()
    if worker.is_alive():
        worker.terminate()
    if worker.pid:
        worker.join()


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

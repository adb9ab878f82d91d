"""Signals to stop as exceptions, so that processes end and temporary files are removed."""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def raised():
    """Raise KeyboardInterrupt with the number of a signal to stop; further ones are ignored.

    A signal that the program handles itself, or ignores, is left to it.

    >>> before = signal.getsignal(signal.SIGTERM)
    >>> with raised():
    ...     pass
    >>> signal.getsignal(signal.SIGTERM) == before
    True

    Raises
    ------
    KeyboardInterrupt
    """
    before = {}

    def stop(number, _):
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(int(number))

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            each = getattr(signal, name, None)  # Windows lacks one
            if each and signal.getsignal(each) in (signal.SIG_DFL, signal.default_int_handler):
                before[each] = signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

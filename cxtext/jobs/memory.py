"""What a stage of a night no longer holds goes back to the system."""

import ctypes
import gc


def give_back() -> None:
    """Give memory that is free back, where the C library keeps it (glibc); costs some milliseconds.

    A stage frees texts and arrays by the hundred megabytes, but glibc hands only the top of its heap back: a little that
    lives on above them, such as a cached word, would hold all of it while the next stage takes as much again.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""The limit of BLAS threads, where blocks of several threads overlap in time."""

import numpy as np  # noqa: F401  (it loads a BLAS)
from threadpoolctl import threadpool_info, threadpool_limits

from lossnr.machine import one_blas_thread


def threads():
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_the_last_block_to_end_lifts_the_limit_of_blas_threads():
    with threadpool_limits(2, "blas"):
        first, second = one_blas_thread(), one_blas_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert threads() == {1}
        second.__exit__(None, None, None)
        assert threads() == {2}

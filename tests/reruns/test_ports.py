"""Kernels that start side by side do not take each other's ports."""

import os
import socket

from lossnr.reruns.ports import EACH, FIRST, LAST, Ports


def test_ports_are_those_of_the_process_free_and_given_once():
    ports = Ports()
    found = [ports.find_available_port("127.0.0.1") for _ in range(5)]
    assert len(set(found)) == 5
    groups = {(port - FIRST) // EACH for port in found}
    assert len(groups) <= 2  # another program may sit in the first
    assert all(FIRST <= port < LAST for port in found)


def test_a_port_that_is_taken_is_left_alone():
    ports = Ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports.find_available_port("127.0.0.1")))
        again = Ports().find_available_port("127.0.0.1")
        assert again != taken.getsockname()[1]


def test_another_process_looks_elsewhere(monkeypatch):
    mine = Ports().find_available_port("127.0.0.1")
    pid = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 2)
    assert abs(Ports().find_available_port("127.0.0.1") - mine) >= EACH

"""Ports for kernels that start side by side: each process looks at ports of its own.

A port that is found free may be taken by another process before the kernel binds it: the kernel
then dies.
"""

import os
import socket

from jupyter_client.provisioning import local_provisioner

__all__ = ["own_ports"]

#: Below those that systems give to connections; so many for each process.
FIRST, LAST, EACH = 20_000, 32_000, 16


class Ports(local_provisioner.LocalPortCache):
    """Finds free ports, first among those that belong to the number of this process."""

    def find_available_port(self, ip):
        groups = (LAST - FIRST) // EACH
        for turn in range(groups):
            start = FIRST + EACH * ((os.getpid() + turn) % groups)
            for port in set(range(start, start + EACH)) - self.currently_used_ports:
                with socket.socket() as probe:
                    try:
                        probe.bind((ip, port))
                    except OSError:
                        continue
                self.currently_used_ports.add(port)
                return port
        raise OSError(f"no port from {FIRST} to {LAST} is free for a kernel")


def own_ports():
    """Let all kernels that this process starts have such ports."""
    local_provisioner.LocalPortCache = Ports

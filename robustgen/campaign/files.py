"""Open files: as many connections need as many descriptors; the limit is raised as far as the system lets us."""

from __future__ import annotations

from robustgen.errors import UsageError

__all__ = ["RESERVE", "need_files"]

RESERVE = 64
"""Descriptors for everything that is no connection."""


def need_files(connections: int) -> None:
    """Make sure that so many connections can be open; raises ``UsageError`` naming the number that the system would have to allow."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    needed = connections + RESERVE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = resource.RLIM_INFINITY
    if soft == free or soft >= needed:
        return
    if hard != free and hard < needed:
        raise UsageError(
            f"{connections} requests in flight need {needed} open files, the system allows {hard}",
            mend=f"raise the limit (ulimit -Hn {needed}, as root), or use --concurrency {max(1, hard - RESERVE)}",
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed if hard == free else hard, hard))

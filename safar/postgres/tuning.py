"""The settings of the embedded server, written anew into `safar.conf` at every start.

An operator overrides any of them with ALTER SYSTEM, which PostgreSQL reads last.
"""

import os
from collections.abc import Mapping

from safar.postgres.address import Address

FILE_NAME = "safar.conf"

_MIB = 1024 * 1024
# Docker gives a container 64 MB of /dev/shm unless told otherwise; a parallel hash join wants more and then fails.
_SMALL_SHARED_MEMORY = 256 * _MIB


def server_settings(address: Address, *, has_lz4: bool, durable: bool) -> dict[str, str]:
    """Name → value, as in postgresql.conf without quotes. `durable=False` is for test data that may be lost."""
    is_socket = address.socket_file is not None
    settings = {
        "listen_addresses": "" if is_socket else address.host,
        "port": str(address.port),
        # Quoted: a path may contain blanks; `choose_address` lets no comma through.
        "unix_socket_directories": f'"{address.host}"' if is_socket else "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # Memory: all processes of Safar together stay under 600 MB.
        "shared_buffers": "128MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "max_connections": "100",
        "max_logical_replication_workers": "0",
        # Compilation costs more than it saves for statements of milliseconds.
        "jit": "off",
        # Few, spread checkpoints: the first change of a page after one writes the whole page into the log.
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        # pglz, which every server has, costs more processor time than the disk it saves is worth.
        "wal_compression": "lz4" if has_lz4 else "off",
        # Queue tables fill and empty all day; tables that need more than this say so themselves.
        "autovacuum_naptime": "15s",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.05",
        "autovacuum_vacuum_cost_limit": "1000",
        # One file a weekday, emptied when the day comes round: a week at most. No row's content (DETAIL, CONTEXT) and
        # no statement goes into it: that may be people's data, and the caller is told all of it.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "server-%a.log",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %a ",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "fatal",
        "log_checkpoints": "off",
        "log_lock_waits": "on",
    }
    if _shared_memory_bytes() < _SMALL_SHARED_MEMORY:
        settings["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    return settings


def render(settings: Mapping[str, str]) -> str:
    """The text of `safar.conf`."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return "\n".join(["# Written by Safar at every start. Override with ALTER SYSTEM.", *lines, ""])


def _shared_memory_bytes() -> int:
    """The size of /dev/shm; plenty where the system has no such folder (macOS uses other means)."""
    try:
        status = os.statvfs("/dev/shm")
    except OSError:
        return _SMALL_SHARED_MEMORY
    return status.f_frsize * status.f_blocks

"""Imports a file in a process of its own: python -m … KIND URL WORKSPACE PATH. For tests that kill it."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from safar.events.imports import import_contacts, import_events
from safar.events.imports.tests.conftest import At
from safar.postgres.connections import connect

if __name__ == "__main__":
    kind, url, workspace, path = sys.argv[1:5]
    run = import_contacts if kind == "contacts" else import_events
    with connect(url, application_name="safar tests") as conn:
        report = run(conn, At(int(workspace)), Path(path), progress=lambda done, total: None, batch=int(sys.argv[5]))
    print(report.accepted, report.repeated, report.refused, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

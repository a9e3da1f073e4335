"""``safar`` and ``python -m safar``: puts the commands of both floors together and runs one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from safar import cli
from safar.workers import commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code (see ``safar.cli.failures``)."""
    return cli.run(cli.build_app(commands.add_to), sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())

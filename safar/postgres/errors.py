"""What can be wrong with the database server, each fault with its mend in words.

ServerFault            anything below; `str(fault)` is what happened and how to mend it
├── NoBinaries         no PostgreSQL that can be run on this machine by the user it must run as
├── FolderRefused      the data folder cannot be used as it is (owner, permissions, name, password)
├── WrongMajor         the data was written by another major version; names the command that upgrades it
├── ServerSilent       the server did not start, does not answer, or did not stop
└── UnsupportedServer  a configured server of a version that Safar does not work with
"""


class ServerFault(Exception):
    """A fault of the server or its folder that a person has to mend."""

    def __init__(self, what: str, mend: str) -> None:
        """`what` and `mend` are whole sentences, shown in this order; `what` may end with lines of a program's own."""
        super().__init__(what + ("" if what.endswith("\n") else " ") + mend)
        self.what = what
        self.mend = mend


class NoBinaries(ServerFault):
    pass


class FolderRefused(ServerFault):
    pass


class WrongMajor(ServerFault):
    pass


class ServerSilent(ServerFault):
    pass


class UnsupportedServer(ServerFault):
    pass

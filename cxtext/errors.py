"""What can go wrong, in words: every message says what, where, and what to do."""


class CxtextError(Exception):
    """Anything cxtext can explain. The shell turns it into one clear line and an exit code."""


class ConfigurationError(CxtextError):
    """The command line, a setting, a recipe or a file in `models/` is wrong."""


class SourceError(CxtextError):
    """A source of tickets cannot be read at all. Single bad rows are quarantined instead."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent  # False: trying again later makes sense


class StoreError(CxtextError):
    """The database cannot be opened, is of another version, or refuses to work."""


class Locked(CxtextError):
    """Another run holds the lock."""


class Stopped(CxtextError):
    """Somebody asked the job to stop; what it did is kept, and the next one goes on from there."""


class NotFound(CxtextError):
    """A ticket, topic, run or cause with that name does not exist."""


class ModelError(CxtextError):
    """A model file is missing, damaged, of another version or not of a safe format."""


class EngineError(CxtextError):
    """Workers cannot be started, die again and again, or fail with an error of their own."""


class NotInstalled(CxtextError):
    """An optional part needs a package that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional package: pip install 'cxtext[{extra}]'")

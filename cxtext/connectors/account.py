"""One configured source, `[sources.NAME]` in cxtext.toml: its kind, address, options and secrets."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cxtext.errors import ConfigurationError

FROM_ENVIRONMENT = "env:"
FROM_FILE = "file:"


@dataclass(frozen=True, slots=True)
class Account:
    """The settings of one source. Secrets are read when they are needed and never printed."""

    name: str
    kind: str
    options: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Account({self.name!r}, {self.kind!r})"

    def option(self, name: str, default: str = "") -> str:
        """An optional setting."""
        return self.options.get(name, default).strip()

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A setting that is yes or no.

        Raises:
            ConfigurationError: it is neither.
        """
        said = self.option(name).casefold()
        if said in ("", "yes", "true", "1", "ja", "no", "false", "0", "nein"):
            return default if not said else said in ("yes", "true", "1", "ja")
        raise ConfigurationError(f"[sources.{self.name}] {name} = {said!r}: say yes or no")

    def required(self, name: str, meaning: str) -> str:
        """A setting without which this source cannot be read.

        Raises:
            ConfigurationError: it is missing.
        """
        if value := self.option(name):
            return value
        raise ConfigurationError(f"[sources.{self.name}] needs {name}: {meaning}")

    def secret(self, name: str, meaning: str) -> str:
        """A password or token: `env:NAME` names an environment variable, `file:PATH` a file, anything else is itself.

        Raises:
            ConfigurationError: it is missing, or what it points to is.
        """
        told = self.required(name, f"{meaning}; best as env:NAME, so that it is in no file")
        if told.startswith(FROM_ENVIRONMENT):
            variable = told.removeprefix(FROM_ENVIRONMENT)
            if value := os.environ.get(variable, "").strip():
                return value
            raise ConfigurationError(f"[sources.{self.name}] {name}: the environment variable {variable} is not set")
        if told.startswith(FROM_FILE):
            path = Path(told.removeprefix(FROM_FILE)).expanduser()
            try:
                return path.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigurationError(f"[sources.{self.name}] {name}: {path}: {error.strerror}") from error
        return told

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end.

        Raises:
            ConfigurationError: there is none, or it is no http(s) address.
        """
        url = self.required("url", "the address of the server, like https://example.zendesk.com").rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query:
            raise ConfigurationError(f"[sources.{self.name}] url: it looks like https://helpdesk.example.com")
        return url


def account_from(name: str, options: Mapping[str, str]) -> Account:
    """One table of the configuration as an account.

    Raises:
        ConfigurationError: it does not say what kind of source it is.
    """
    kind = options.get("kind", "").strip()
    if not kind:
        raise ConfigurationError(f'[sources.{name}] needs kind, like kind = "zendesk"')
    return Account(name, kind, {key: value for key, value in options.items() if key != "kind"})

"""Signed web tokens (RFC 7519) for sources that want one instead of a password."""

from collections.abc import Mapping

from cxtext.errors import ConfigurationError, NotInstalled


def signed(
    claims: Mapping[str, object], key: str, algorithm: str, *, where: str, headers: Mapping[str, str] | None = None
) -> str:
    """A JSON Web Token.

    Args:
        claims: what it says; times in seconds since 1970.
        key: the private key in PEM.
        algorithm: RS256 or ES256.
        where: the setting that holds the key, for messages.
        headers: beside the algorithm.

    Raises:
        ConfigurationError: this is no such key.
        NotInstalled: the package for it is missing.
    """
    try:
        import jwt  # noqa: PLC0415 – optional
    except ImportError as error:
        raise NotInstalled("reviews of app stores", "connectors") from error
    try:
        return jwt.encode(dict(claims), key, algorithm=algorithm, headers=dict(headers or {}))
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise ConfigurationError(f"{where}: no private key for {algorithm} in PEM") from error

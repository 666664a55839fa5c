"""The one way out: a client that reaches public servers only, unless the operator says otherwise."""

from cxtext.network.guard import Blocked, guarded_client

__all__ = ["Blocked", "guarded_client"]

"""Acts that the analysis process carries out, and what it means where they cannot be done."""

from typing import Any

from fastapi import Request

from api.errors import Conflict
from cxtext.errors import ConfigurationError


def carry_out(request: Request, question: dict[str, Any]) -> dict[str, Any]:
    """Have an act done; returns the run that it became.

    Raises:
        Conflict: it cannot be done as things are, such as merging a topic into itself.
        CxtextError: whatever else the process has to say.
    """
    try:
        answer: dict[str, Any] = request.app.state.analyst.ask(question)
    except ConfigurationError as error:
        raise Conflict(str(error)) from error
    return answer

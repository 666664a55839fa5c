"""Answers made of sums, kept while the published run is the same: twenty people open the same morning.

An answer's tag already says what it depends on: the run, the question, the reader's rights and language. Nothing that holds a
ticket's text is kept, and with the next run, which an erasure is too, everything is forgotten.
"""

from collections import OrderedDict

from starlette.responses import Response
from starlette.types import Message, Scope, Send

SUMS = tuple(f"/api/v1/{name}" for name in ("causes", "departments", "drivers", "metrics", "trends"))
MOST = 16 * 1024 * 1024  # bytes of all answers together
LARGEST = 512 * 1024  # bytes of one


def holds_sums(scope: Scope) -> bool:
    """Whether the question is for sums alone, which cost time to add up and name no ticket."""
    return scope["method"] == "GET" and str(scope["path"]).startswith(SUMS)


class Kept:
    """The answers of one process to one run, those asked for longest ago dropped first."""

    def __init__(self) -> None:
        self._run = 0
        self._size = 0
        self._answers: OrderedDict[str, Response] = OrderedDict()

    def find(self, run_id: int, tag: str) -> Response | None:
        """The answer given before to the same question."""
        self._turn(run_id)
        if tag in self._answers:
            self._answers.move_to_end(tag)
        return self._answers.get(tag)

    def listening(self, run_id: int, tag: str, send: Send) -> Send:
        """Pass an answer on and keep it, if it is a whole one of moderate size."""
        answer, body = Response(), bytearray()

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status_code, answer.raw_headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body" and len(body) <= LARGEST:
                body.extend(message.get("body", b""))
                if not message.get("more_body") and answer.status_code == 200:
                    answer.body = bytes(body)
                    self._keep(run_id, tag, answer)
            await send(message)

        return heard

    def _keep(self, run_id: int, tag: str, answer: Response) -> None:
        if run_id != self._run or len(answer.body) > LARGEST or tag in self._answers:
            return
        if "set-cookie" in answer.headers:  # meant for one person
            return
        self._answers[tag] = answer
        self._size += len(answer.body)
        while self._size > MOST:
            _, oldest = self._answers.popitem(last=False)
            self._size -= len(oldest.body)

    def _turn(self, run_id: int) -> None:
        if run_id != self._run:
            self._run, self._size = run_id, 0
            self._answers.clear()

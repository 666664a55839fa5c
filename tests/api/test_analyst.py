import os
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.analyst import Analyst
from cxtext.errors import ConfigurationError
from cxtext.settings import Settings

ROOT = Path(__file__).parents[2]


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_process_that_was_killed_starts_again_and_questions_take_turns(desk: TestClient) -> None:
    analyst: Analyst = desk.app.state.analyst  # type: ignore[attr-defined]
    assert desk.post("/api/v1/analyze", json={"text": "Hallo"}).status_code == 200
    assert analyst._process is not None
    first = analyst._process.pid
    os.kill(first, signal.SIGKILL)
    analyst._process.wait()
    texts = [f"Das Paket Nummer {number} fehlt" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda text: desk.post("/api/v1/analyze", json={"text": text}), texts))
    assert [answer.json()["text"] for answer in found] == texts
    assert analyst._process.pid != first


def test_a_death_in_the_middle_of_a_question_is_said_and_mended(desk: TestClient) -> None:
    analyst: Analyst = desk.app.state.analyst  # type: ignore[attr-defined]
    process = analyst._running()
    process.send_signal(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(desk.post, "/api/v1/analyze", json={"text": "Hallo"})
        time.sleep(0.3)
        process.kill()
        answer = waiting.result(timeout=60)
    assert (answer.status_code, answer.json()["title"]) == (503, "Unavailable")
    assert desk.post("/api/v1/analyze", json={"text": "Hallo"}).status_code == 200


def test_what_the_process_has_to_say_comes_as_its_own_type(tmp_path: Path) -> None:
    analyst = Analyst(Settings.load(db=f"sqlite:///{tmp_path / 'none' / 'cxtext.db'}"))
    from cxtext.errors import StoreError

    with pytest.raises(StoreError, match="no folder"):
        analyst.ask({"do": "analyze", "text": "Hallo"})
    process = analyst._process
    assert process is not None
    analyst.close()
    assert process.returncode == 0
    assert not alive(process.pid)
    analyst.close()  # again is no harm
    odd = Analyst(Settings.load(db=f"sqlite:///{tmp_path / 'cxtext.db'}"))
    with pytest.raises(ConfigurationError, match="nobody knows"):
        odd.ask({"do": "dance"})
    odd.close()


def serving(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cxtext", "serve", *words]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_only_this_machine_may_look(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::", "example.org"):
        process = serving(tmp_path, "--host", host)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "users add" in said.replace("\n", " ")
        assert "Traceback" not in said


@pytest.mark.network
@pytest.mark.enable_socket
def test_served_for_real_it_answers_and_leaves_nobody_behind(demo_folder: Path) -> None:
    import json
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = serving(demo_folder, "--db", "sqlite:///cxtext.db", "--port", str(port))

    def ask(path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=100) as answer:
            return json.load(answer)

    try:
        for _ in range(300):
            try:
                assert ask("/healthz") == {"status": "ok"}
                break
            except OSError:
                time.sleep(0.1)
        assert ask("/readyz")["run_id"] == 1
        assert ask("/api/v1/tickets", {"tickets": [{"id": "x%2Fy", "text": "Hallo"}]})["new"] == 1
        assert ask("/api/v1/tickets/api/x%252Fy")["id"] == "x%2Fy"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        inside = [
            int(number) for task in children.parents[1].iterdir() for number in (task / "children").read_text().split()
        ]
        assert len(inside) == 1
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert not any(alive(number) for number in inside)

"""A real Dask cluster of two processes: the same answers as one process, workers that die, a scheduler that is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxtext.domain import Facts, Ticket
from cxtext.engine.job import Job, Lost
from cxtext.engine.serial import Serial
from cxtext.engine.shards import map_shards
from cxtext.errors import ConfigurationError, CxtextError, EngineError
from tests.engine import work

pytest.importorskip("distributed", reason="pip install 'cxtext[dask]'")
pytestmark = [
    pytest.mark.network,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # of the cluster's own sockets, when workers are killed
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:.*port.*is already in use:UserWarning"),
]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import pytest_socket

    from cxtext.engine.dask import Dask

    pytest_socket.enable_socket()
    os.environ["PYTHONPATH"] = str(ROOT)  # workers must find the work of these tests
    engine = Dask(workers=2)
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def _sockets(socket_enabled) -> None:
    """Tasks travel by sockets."""


def job(do: Any, folder: Path, load: Any = work.load) -> Job:
    return Job(do, load, str(folder))


def test_the_answers_are_those_of_one_process_in_the_same_order(tmp_path, cluster):
    numbers = list(range(101))
    alone = list(map_shards(job(work.double, tmp_path), numbers, engine=Serial(), size=7))
    assert list(map_shards(job(work.double, tmp_path), numbers, engine=cluster, size=7)) == alone


def test_tickets_travel_whole_and_models_are_loaded_once_per_worker(tmp_path, cluster):
    tickets = [Ticket(id=str(n), text="ä\nö", facts=Facts(extra={"a": n}), people=("Ada",)) for n in range(40)]
    assert list(map_shards(job(work.back, tmp_path), tickets, engine=cluster, size=2)) == tickets
    loads = (tmp_path / "loaded").read_text().split()
    assert len(loads) == len(set(loads)) <= 2


def test_a_worker_that_dies_once_costs_nothing(tmp_path, cluster):
    numbers = list(range(30))
    assert list(map_shards(job(work.dies_once, tmp_path), numbers, engine=cluster, size=5)) == [n * 2 for n in numbers]


def test_a_shard_that_kills_is_taken_apart_and_the_culprit_named(tmp_path, cluster):
    answers = list(map_shards(job(work.poisoned, tmp_path), range(20), engine=cluster, size=5))
    assert isinstance(answers[13], Lost)
    assert [answer for n, answer in enumerate(answers) if n != 13] == [n * 2 for n in range(20) if n != 13]


def test_errors_come_home_in_our_words(tmp_path, cluster):
    with pytest.raises(CxtextError, match="no rows"):
        list(map_shards(job(work.our_error, tmp_path), [1], engine=cluster, size=1))
    with pytest.raises(ConfigurationError, match="no such recipe"):
        list(map_shards(job(work.double, tmp_path, work.fails_on_load), [1], engine=cluster, size=1))
    with pytest.raises(EngineError, match="ValueError") as caught:
        list(map_shards(job(work.quoting_error, tmp_path), ["Max, IBAN DE89"], engine=cluster, size=1))
    assert "DE89" not in str(caught.value)


def test_workers_use_one_thread_each(tmp_path, cluster):
    assert list(map_shards(job(work.threads, tmp_path), [1], engine=cluster, size=1)) == ["1"]


def test_without_a_scheduler_it_says_what_to_look_at(monkeypatch):
    from cxtext.engine import dask

    monkeypatch.setattr(dask, "PATIENCE", 1)
    with pytest.raises(EngineError, match="is it running, is the address right"):
        dask.Dask("tcp://127.0.0.1:9")


def test_a_scheduler_that_dies_ends_the_run_and_the_next_one_goes_on(tmp_path):
    from cxtext.engine.dask import Dask

    file = tmp_path / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    programs = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)],
                         env=environment, stderr=subprocess.DEVNULL),
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--no-dashboard", "--no-nanny"],
                         env=environment, stderr=subprocess.DEVNULL),
    ]  # fmt: skip
    try:
        engine = Dask(_address(file))
        answers = map_shards(job(work.pids, tmp_path), iter(range(10_000)), engine=engine, size=1)
        assert len([next(answers) for _ in range(3)]) == 3
        programs[0].send_signal(signal.SIGKILL)
        with pytest.raises(EngineError, match="scheduler is gone"):
            list(answers)
        engine.close()
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _address(file: Path) -> str:
    import json

    for _ in range(300):
        if file.exists():
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")

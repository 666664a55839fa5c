"""Real processes: what they answer, and what happens when they are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cxtext.domain import Facts, Ticket
from cxtext.engine import ENGINES
from cxtext.engine.job import Died, Done, Engine, Job, Lost
from cxtext.engine.local import AHEAD, Local
from cxtext.engine.serial import Serial
from cxtext.engine.shards import MOST_LOST, map_shards
from cxtext.errors import ConfigurationError, EngineError, SourceError
from tests.engine import work

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pool() -> Iterator[Local]:
    engine = Local(2)
    yield engine
    engine.close()


def job(do: Any, folder: Path, load: Any = work.load) -> Job:
    return Job(do, load, str(folder))


def test_engines_are_found_by_name() -> None:
    assert {"serial", "local"} <= set(ENGINES.names())
    assert ENGINES.load("local") is Local


@pytest.mark.parametrize("size", [1, 3, 100])
def test_every_engine_gives_the_same_answers_in_the_same_order(tmp_path: Path, pool: Local, size: int) -> None:
    expected = [number * 2 for number in range(50)]
    engines: list[Engine] = [Serial(), pool]
    for engine in engines:
        assert list(map_shards(job(work.double, tmp_path), range(50), engine=engine, size=size)) == expected


def test_models_are_loaded_once_in_each_worker_and_kept_for_the_next_job(tmp_path: Path, pool: Local) -> None:
    seen = set(map_shards(job(work.pids, tmp_path), range(20), engine=pool, size=1))
    again = set(map_shards(job(work.pids, tmp_path), range(20), engine=pool, size=1))
    loaded = [int(line) for line in (tmp_path / "loaded").read_text().split()]
    assert len(seen) == 2
    assert again == seen == set(loaded)
    assert len(loaded) == 2
    assert os.getpid() not in seen


def test_shards_are_taken_only_a_few_ahead(tmp_path: Path, pool: Local) -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    answers = map_shards(job(work.double, tmp_path), source(), engine=pool, size=1)
    next(answers)
    assert len(taken) <= AHEAD * 2 + 1
    answers.close()  # type: ignore[attr-defined]


def test_a_worker_that_dies_is_replaced_and_nothing_is_missing(tmp_path: Path, pool: Local) -> None:
    answers = list(map_shards(job(work.dies_once, tmp_path), range(40), engine=pool, size=5))
    assert (tmp_path / "died").exists()
    assert answers == [number * 2 for number in range(40)]


def test_a_worker_killed_from_outside_is_replaced(tmp_path: Path, pool: Local) -> None:
    answers = map_shards(job(work.pids, tmp_path), range(60), engine=pool, size=1)
    got = [next(answers)]
    os.kill(got[0], signal.SIGKILL)
    got += list(answers)
    assert len(got) == 60
    assert len(set(got)) == 3


def test_one_poisonous_item_is_set_apart_and_all_others_are_answered(tmp_path: Path, pool: Local) -> None:
    answers = list(map_shards(job(work.poisoned, tmp_path), range(40), engine=pool, size=5))
    assert answers[13] == Lost(13, "signal 9")
    assert [a for a in answers if not isinstance(a, Lost)] == [number * 2 for number in range(40) if number != 13]


def test_a_poisonous_shard_is_told_apart_by_the_engine(tmp_path: Path, pool: Local) -> None:
    outcomes = list(pool.run(job(work.poisoned, tmp_path), [(1, 2), (13, 14), (3,)]))
    assert outcomes == [Done([2, 4]), Died("signal 9"), Done([6])]


def test_when_everything_is_poison_the_machine_is_blamed(tmp_path: Path, pool: Local) -> None:
    with pytest.raises(EngineError, match=f"more than {MOST_LOST} .*exit code 7"):
        list(map_shards(job(work.all_poison, tmp_path), range(40), engine=pool, size=20))


def test_workers_that_cannot_load_are_an_error_at_once(tmp_path: Path, pool: Local) -> None:
    with pytest.raises(EngineError, match="while it loaded its models .signal 9"):
        list(map_shards(job(work.double, tmp_path, work.dies_on_load), [1], engine=pool, size=1))
    with pytest.raises(ConfigurationError, match="no such recipe"):
        list(map_shards(job(work.double, tmp_path, work.fails_on_load), [1], engine=pool, size=1))
    assert list(map_shards(job(work.double, tmp_path), [1], engine=pool, size=1)) == [2]


def test_our_own_errors_arrive_as_they_are(tmp_path: Path, pool: Local) -> None:
    with pytest.raises((SourceError, EngineError), match="Is this the right file"):
        list(map_shards(job(work.our_error, tmp_path), [1], engine=pool, size=1))


def test_other_errors_tell_the_place_but_never_quote_a_ticket(tmp_path: Path, pool: Local) -> None:
    with pytest.raises(EngineError, match="ValueError") as caught:
        list(map_shards(job(work.quoting_error, tmp_path), ["Max, IBAN DE89"], engine=pool, size=1))
    assert "work.py" in str(caught.value)
    assert "DE89" not in str(caught.value)


def test_answers_that_cannot_be_sent_or_are_missing_are_errors(tmp_path: Path, pool: Local) -> None:
    with pytest.raises(EngineError, match="a worker failed"):
        list(map_shards(job(work.unsendable, tmp_path), [1], engine=pool, size=1))
    with pytest.raises(EngineError, match="gave 1 answers to 2 items"):
        list(map_shards(job(work.too_few, tmp_path), [1, 2], engine=pool, size=2))


def test_workers_use_one_thread_each(tmp_path: Path, pool: Local) -> None:
    assert list(map_shards(job(work.threads, tmp_path), [1], engine=pool, size=1)) == ["1"]


def test_tickets_travel_whole(tmp_path: Path, pool: Local) -> None:
    tickets = [Ticket(id="1", text="ä\nö"), Ticket(id="2", text="", facts=Facts(extra={"a": 1}), people=("Ada",))]
    assert list(map_shards(job(work.back, tmp_path), tickets, engine=pool, size=2)) == tickets


def test_closing_ends_workers_in_the_middle_of_a_shard(tmp_path: Path) -> None:
    engine = Local(2)
    answers = map_shards(job(work.sleeps, tmp_path), [1, 2], engine=engine, size=1)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(next, answers)
        workers = _wait(lambda: found if len(found := _asleep(tmp_path)) == 2 else None)
        engine.close()
        with pytest.raises((EngineError, CancelledError)):
            waiting.result(20)
    assert not [pid for pid in workers if _alive(pid)]
    with pytest.raises(EngineError, match="closed"):
        list(map_shards(job(work.double, tmp_path), [1], engine=engine, size=1))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    code = (
        "import signal\n"
        "from contextlib import closing\n"
        "from cxtext.engine.job import Job\n"
        "from cxtext.engine.local import Local\n"
        "from cxtext.engine.shards import map_shards\n"
        "from tests.engine import work\n"
        "if __name__ == '__main__':\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell starts what it sends away with SIGINT ignored
        "    with closing(Local(2)) as engine:\n"
        f"        list(map_shards(Job(work.sleeps, work.load, {str(tmp_path)!r}), [1, 2], engine=engine, size=1))\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
    )
    workers = _wait(lambda: found if len(found := _asleep(tmp_path)) == 2 else None)
    parent.send_signal(how)
    assert parent.wait(20) != 0
    _wait(lambda: not [pid for pid in workers if _alive(pid)])


def _asleep(folder: Path) -> list[int]:
    return [int(path.name.partition("-")[2]) for path in folder.glob("asleep-*")]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait(for_it: Any, seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := for_it():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")

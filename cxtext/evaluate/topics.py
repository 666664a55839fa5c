"""Topics against given categories: quality, cost and memory, beside BERTopic on the same texts in the same conditions."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxtext.errors import ConfigurationError, CxtextError

CONTENDERS = ("cxtext", "bertopic", "bertopic-tuned")
SECONDS = 3600


def evaluate_topics(
    texts: Sequence[str],
    languages: Sequence[str],
    gold: Sequence[str],
    *,
    recipe: str = "fast",
    against: Sequence[str] = (),
    seed: int = 0,
) -> dict[str, dict[str, float]]:
    """Discover topics and compare them with `gold`, a category per text.

    Every contender runs in a fresh process with one thread. Per contender: `ari nmi v accuracy purity without_topic
    topics npmi diversity` (strict: a text without topic is a cluster of its own), CPU seconds per stage
    (`cpu_import cpu_embed cpu_cluster cpu_describe`), of the stages together (`cpu_stages`), of the whole process
    (`cpu_process`), and `memory_mb` at its peak.

    Args:
        texts: n texts.
        languages: ISO 639-1 code per text.
        gold: category per text.
        recipe: whose embedding is used.
        against: `bertopic` (defaults) and `bertopic-tuned` (smallest topic by the silhouette, outliers reassigned).
        seed: of everything that draws lots.

    Raises:
        ConfigurationError: a contender is not known, or the columns are of different length.
        CxtextError: a contender's process failed.
    """
    if not len(texts) == len(languages) == len(gold):
        raise ConfigurationError("texts, languages and categories differ in number: give one of each per row")
    if unknown := sorted({*against} - {*CONTENDERS}):
        raise ConfigurationError(f"nothing called {unknown[0]!r} to compare with; known: {', '.join(CONTENDERS[1:])}")
    task = {
        "texts": list(texts),
        "languages": list(languages),
        "gold": list(gold),
        "recipe": recipe,
        "seed": seed,
    }
    return {name: _in_fresh_process({**task, "contender": name}) for name in dict.fromkeys(("cxtext", *against))}


def _in_fresh_process(task: dict[str, Any]) -> dict[str, float]:
    """Run one contender with one thread, so that CPU seconds and memory are its own."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "task.json", Path(folder) / "figures.json"
        given.write_text(json.dumps(task), encoding="utf-8")
        command = [sys.executable, "-m", "cxtext.evaluate.topic_contenders", str(given), str(found)]
        done = subprocess.run(  # noqa: S603 - our own module, our own arguments
            command,
            env=os.environ | threads | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise CxtextError(f"{task['contender']} failed: {last}")
        figures: dict[str, float] = json.loads(found.read_text(encoding="utf-8"))
    return figures

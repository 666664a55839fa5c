"""Model files that would run code, take all memory or name files that are not theirs; each must be refused with words."""

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cxtext.errors import CxtextError


class Pickled:
    """What a pickle would run; it must never be read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/cxtext-was-here",)


def _objects(path: Path, **more: Any) -> None:
    np.savez(path, allow_pickle=True, weights=np.array([Pickled()], dtype=object), **more)


def _header(path: Path, shape: str, kind: str = "<f8", names: tuple[str, ...] = ("weights",)) -> None:
    """An archive whose arrays state a shape and hold eight bytes."""
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + bytes(8))


def _zeros(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("weights.npy", "w") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": (100_000_000,)})  # type: ignore[arg-type]
        for _ in range(100):
            file.write(bytes(8_000_000))


def _sentiment(folder: Path, about: str = "", **_: Any) -> Path:
    (folder / "sentiment_de.json").write_text(about or json.dumps(
        {"format": _format("cxtext.sentiment.artefact", "_FORMAT"), "language": "de", "labels": ["a"], "temperature": 1}
    ))  # fmt: skip
    return folder / "sentiment_de.npz"


def _format(module: str, name: str) -> Any:
    from importlib import import_module

    return getattr(import_module(module), name)


def _read_sentiment(folder: Path) -> Any:
    from cxtext.sentiment.artefact import load_model

    return load_model(folder, "de")


def _read_causes(folder: Path) -> Any:
    from cxtext.causes.artefact import load_model

    return load_model(folder)


def _causes(folder: Path) -> Path:
    from cxtext.causes import artefact

    lists: dict[str, list[str]] = {
        key: [] for key in ("character_terms", "word_terms", "fact_terms", "labels", "curve")
    }
    told = {"format": artefact.FORMAT, **lists, "rule_share": 1, "temperature": 1, "thresholds": {}, "card": {}}
    (folder / artefact.WORDS).write_text(json.dumps(told))
    return folder / artefact.NUMBERS


def _read_vectors(folder: Path) -> Any:
    from cxtext.embedding.bilingual import load_english

    return load_english(folder / "english.npz")


def _read_table(folder: Path) -> Any:
    from cxtext.embedding.lexicon_import import read_table

    return read_table(folder / "table.npz")


def _read_shelf(folder: Path) -> Any:
    from cxtext.store.shelf import open_shelf

    return open_shelf(folder)


def _shelf(folder: Path, **told: Any) -> Path:
    facts = {
        "version": _format("cxtext.store.shelf", "VERSION"),
        "rows": 0,
        "width": 2,
        "signature": "",
        "fitted_on": 0,
    }
    (folder / "shelf.json").write_text(json.dumps(facts | told))
    (folder / "rows.i64").write_bytes(b"")
    return folder / "space.npz"


def _read_memory(folder: Path) -> Any:
    from cxtext.topics.memory import Memory

    return Memory.from_bytes((folder / "memory").read_bytes())


def _memory(folder: Path, body: bytes) -> None:
    magic = _format("cxtext.topics.memory", "_MAGIC")
    (folder / "memory").write_bytes(magic + b" 1 " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def _archive(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _read_recipe(folder: Path) -> Any:
    from cxtext.recipe import load_recipe

    return load_recipe(str(folder / "mine.toml"))


def _read_settings(folder: Path) -> Any:
    from cxtext.settings import Settings

    return Settings.load(folder / "cxtext.toml")


def _read_transformer(folder: Path) -> Any:
    from cxtext.sentiment.transformer import _check_files, _load

    _check_files(folder)
    return _load(folder)


def _read_onnx(folder: Path) -> Any:
    from cxtext.embedding.onnx_model import OnnxModel

    return OnnxModel(folder)


def _transformer(folder: Path, weights: bytes) -> None:
    (folder / "config.json").write_text('{"model_type": "bert", "id2label": {"0": "negative"}}')
    (folder / "model.safetensors").write_bytes(weights)


def _write(name: str, content: str | bytes) -> Callable[[Path], Any]:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def _linked(folder: Path) -> None:
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").symlink_to("/etc/passwd")
    (folder / "tokenizer.json").write_text("{}")


DEEP = "[" * 200_000


def _deep_causes(folder: Path) -> None:
    from cxtext.causes import artefact

    _causes(folder)
    (folder / artefact.WORDS).write_text(DEEP)


Case = tuple[str, Callable[[Path], Any], Callable[[Path], Any]]
CASES: tuple[Case, ...] = (
    ("a pickled object among the weights of moods", lambda f: _objects(_sentiment(f)), _read_sentiment),
    ("a pickle instead of the weights of moods", lambda f: _sentiment(f).write_bytes(b"\x80\x04\x95cos\nsystem\n."), _read_sentiment),
    ("weights that state 8 exabytes", lambda f: _header(_sentiment(f), "(1000000000000000000,)"), _read_sentiment),
    ("weights that state more than they hold", lambda f: _header(_sentiment(f), "(1000000,)"), _read_sentiment),
    ("weights with a negative side", lambda f: _header(_sentiment(f), "(-1,)"), _read_sentiment),
    ("a head that is code", lambda f: _header(_sentiment(f), "__import__('os').system('id')"), _read_sentiment),
    ("weights that unpack a thousandfold", lambda f: _zeros(_sentiment(f)), _read_sentiment),
    ("moods described 200,000 levels deep", lambda f: _sentiment(f, DEEP), _read_sentiment),
    ("moods described by a list", lambda f: _sentiment(f, "[]"), _read_sentiment),
    ("a pickled object among the weights of causes", lambda f: _objects(_causes(f)), _read_causes),
    ("causes that unpack a thousandfold", lambda f: _zeros(_causes(f)), _read_causes),
    ("words of causes 200,000 levels deep", _deep_causes, _read_causes),
    ("pickled word vectors", lambda f: _objects(f / "english.npz", words=np.zeros(1)), _read_vectors),
    ("word vectors without end", lambda f: _header(f / "english.npz", "(99999999999,)", "|i1", ("words",)), _read_vectors),
    ("a pickled dictionary", lambda f: _objects(f / "table.npz"), _read_table),
    ("a device instead of a dictionary", lambda f: (f / "table.npz").symlink_to("/dev/zero"), _read_table),
    ("pickled similar cases", lambda f: _objects(_shelf(f)), _read_shelf),
    ("similar cases that state a billion rows", lambda f: np.savez(_shelf(f, rows=10**9), a=np.zeros(1)), _read_shelf),
    ("similar cases described by a list", _write("shelf.json", "[]"), _read_shelf),
    ("a pickle among the topics' memory, with its right checksum", lambda f: _memory(f, b"\x80\x04."), _read_memory),
    ("a memory whose JSON unpacks without end", lambda f: _memory(f, _archive(
        json=np.frombuffer(zlib.compress(bytes(600_000_000)), np.uint8), vectors=np.zeros((0, 2)))), _read_memory),
    ("a memory of another shape", lambda f: _memory(f, _archive(json=np.frombuffer(zlib.compress(b"[]"), np.uint8))), _read_memory),
    ("a recipe 200,000 levels deep", _write("mine.toml", f"a = {DEEP}"), _read_recipe),
    ("settings 200,000 levels deep", _write("cxtext.toml", f"db = {DEEP}"), _read_settings),
    ("a transformer of pickles", lambda f: (_write("config.json", "{}")(f), _write("pytorch_model.bin", b"\x80\x04.")(f)), _read_transformer),
    ("safetensors with a head of 8 exabytes", lambda f: _transformer(f, b"\xff" * 7 + b"\x7f{}"), _read_transformer),
    ("safetensors whose tensors overlap the end", lambda f: _transformer(f, _tensors('{"a":{"dtype":"F32","shape":[999999999],'
        '"data_offsets":[0,4]}}')), _read_transformer),
    ("an ONNX file that is a link to another file of the machine", _linked, _read_onnx),
    ("an ONNX file of nonsense", lambda f: (_write("model.onnx", b"\x08\xff" * 99)(f), _write("tokenizer.json", "{}")(f)), _read_onnx),
)  # fmt: skip


def _tensors(head: str) -> bytes:
    return len(head).to_bytes(8, "little") + head.encode() + bytes(4)


def refused(case: Case, folder: Path) -> str:
    """ "" where it was refused as it should be, else what happened; `not installed` where its library is missing."""
    _, make, read = case
    make(folder)
    try:
        read(folder)
    except CxtextError as error:
        return "" if str(error) else "no words"
    except ImportError as error:
        return f"not installed: {error.name}"
    except Exception as error:  # noqa: BLE001 – what we look for
        return f"{type(error).__name__}: {error}"[:200]
    return "was read"

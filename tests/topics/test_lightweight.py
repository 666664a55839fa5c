"""BERTopic can be imported without UMAP and torch, and whole afterwards."""

import subprocess
import sys

PROGRAM = """
import sys
from cxtext.topics.lightweight import load_bertopic
light = load_bertopic()
assert load_bertopic() is light
loaded = {"umap", "hdbscan", "torch", "transformers", "numba"} & set(sys.modules)
assert not loaded, loaded
import importlib.util
assert importlib.util.find_spec("umap"), "only BERTopic's own import does without"
whole = load_bertopic(plots=True)
assert whole is not light and "umap" in sys.modules
assert load_bertopic() is load_bertopic(plots=True) is whole
"""


def test_bertopic_comes_light_and_whole_on_demand() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""How often the language of a text is named rightly, and at what speed."""

import re
import time
from collections import Counter
from collections.abc import Sequence

from cxtext.text.language import UNDETERMINED, identify, load_language


def evaluate_language(
    texts: Sequence[str], gold: Sequence[str], languages: Sequence[str] = ("de", "en")
) -> dict[str, float]:
    """Measure `identify` without hints: accuracy, accuracy per language, share undetermined, texts per CPU-second.

    `stop_word_vote` is the accuracy of counting stop words of `languages`, the simplest thing that works.
    """
    for warm_up in ("long enough for the model of all languages", "xq zv"):  # the second one asks everything there is
        identify(warm_up, languages)
    started = time.process_time()
    answers = [identify(text, languages)[0] for text in texts]
    spent = time.process_time() - started
    right: Counter[str] = Counter()
    total: Counter[str] = Counter(gold)
    for answer, expected in zip(answers, gold, strict=True):
        right[expected] += answer == expected
    voted = sum(_vote(text, languages) == expected for text, expected in zip(texts, gold, strict=True))
    count = max(len(texts), 1)
    return {
        "texts": len(texts),
        "accuracy": right.total() / count,
        "undetermined": answers.count(UNDETERMINED) / count,
        "stop_word_vote": voted / count,
        "texts_per_cpu_second": len(texts) / max(spent, 1e-9),
        **{f"accuracy_{code}": right[code] / total[code] for code in sorted(total)},
    }


def _vote(text: str, languages: Sequence[str]) -> str:
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    return max(languages, key=lambda code: sum(word in load_language(code).stop_words for word in words))

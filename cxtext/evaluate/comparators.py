"""What simpler methods reach on the same texts: the largest label, the names of the labels, TF-IDF with an SVM."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cxtext.causes.calibration import Integers, share
from cxtext.causes.features import fit_features
from cxtext.causes.measures import macro_f1


def names_only(train: Sequence[str], test: Sequence[str], truth: Integers, names: Sequence[str]) -> dict[str, Any]:
    """Each text gets the label whose name is most similar to it (cosine of TF-IDF over n-grams)."""
    if not test:
        return _figures(truth, truth)
    features = fit_features([*train, *names])
    similar = (features.matrix(test) @ features.matrix(names).T).toarray()
    return _figures(truth, np.where(similar.max(axis=1) > 0, similar.argmax(axis=1), -1))


def linear_svm(train: Sequence[str], labels: Integers, test: Sequence[str], truth: Integers) -> dict[str, Any]:
    """Word 1-2 TF-IDF and a balanced linear SVM, what a data scientist tries first."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - a second that other commands spare
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - as above

    if len(set(labels.tolist())) < 2 or not test:
        return _figures(truth, np.full(len(truth), -1))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LinearSVC(class_weight="balanced", random_state=0).fit(vectorizer.fit_transform(train), labels)
    return _figures(truth, model.predict(vectorizer.transform(test)))


def _figures(truth: Integers, answers: Integers) -> dict[str, Any]:
    return {
        "accuracy": asdict(share(int((truth == answers).sum()), len(truth))),
        "macro_f1": macro_f1(truth, answers),
    }

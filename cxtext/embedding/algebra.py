"""Linear algebra that gives the same bits for the same rows, whatever stands beside them."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Matrix = NDArray[np.float32]


def unit_rows(matrix: Matrix) -> Matrix:
    """Rows of length 1; a row of zeros stays one."""
    lengths = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))  # einsum's bits depend on where a row begins
    return np.asarray(np.divide(matrix, lengths, out=np.zeros_like(matrix), where=lengths > 1e-9))


def truncated_svd(matrix: csr_matrix, rank: int, *, rounds: int = 2, extra: int = 20) -> tuple[Matrix, Matrix]:
    """The `rank` largest singular values and their right vectors, shape (columns, rank).

    Randomised subspace iteration (Halko, Martinsson and Tropp 2011) from a fixed start; signs are fixed by the
    largest entry of each vector, so that equal matrices give equal vectors.
    """
    width = min(rank + extra, *matrix.shape)
    if width == 0:
        return np.zeros(0, np.float32), np.zeros((matrix.shape[1], 0), np.float32)
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], width)).astype(np.float32)
    basis = np.linalg.qr(matrix @ start)[0]
    for _ in range(rounds):
        basis = np.linalg.qr(matrix @ np.linalg.qr(matrix.T @ basis)[0])[0]
    _, values, right = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    kept = min(rank, int((values > 1e-6 * max(float(values[0]), 1e-30)).sum()))
    vectors = right[:kept].T.astype(np.float32)
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(kept)])
    return values[:kept].astype(np.float32), vectors * signs

"""Sparse rows with a hidden layer of 256 in scikit-learn and PyTorch: argument 1 is a file of svmlight text, 2 the system.

    python sparse.py train.svm sklearn | torch | torch-sparse-adam

Each epoch takes the rows in a new order, in batches of 128. Prints the seconds of each epoch and the loss of the last.
"""

import sys
import time

import numpy as np
from sklearn.datasets import load_svmlight_file

HIDDEN, BATCH = 256, 128
path, system = sys.argv[1:3]
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 2
rows, labels = load_svmlight_file(path, dtype=np.float32)
classes, labels = np.unique(labels, return_inverse=True)
count, columns = rows.shape
print(f"{count} rows, {columns} features, {rows.nnz / count:.1f} non-zeros a row, {len(classes)} classes")


def sklearn():
    """`MLPClassifier` has no RMSprop; its Adam touches every weight in every step, as RMSprop would."""
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier((HIDDEN,), batch_size=BATCH, solver="adam", alpha=0, max_iter=1, warm_start=True)
    for _ in range(epochs):
        start = time.perf_counter()
        network.partial_fit(rows, labels, classes=np.arange(len(classes)))
        yield time.perf_counter() - start, network.loss_


def torch(sparse_adam):
    """The first layer as a sum of embeddings: the quickest way that PyTorch has for such rows."""
    import torch

    torch.manual_seed(0)
    first = torch.nn.EmbeddingBag(columns, HIDDEN, mode="sum", sparse=sparse_adam)
    torch.nn.init.xavier_uniform_(first.weight)
    bias = torch.nn.Parameter(torch.zeros(HIDDEN))
    second = torch.nn.Linear(HIDDEN, len(classes))
    rest = [bias, *second.parameters()]
    if sparse_adam:
        optimizers = [torch.optim.SparseAdam(first.parameters()), torch.optim.Adam(rest)]
    else:
        optimizers = [torch.optim.RMSprop([*first.parameters(), *rest], lr=1e-3, alpha=0.9, eps=1e-7)]
    crossentropy = torch.nn.CrossEntropyLoss()
    targets = torch.from_numpy(labels.astype(np.int64))
    for _ in range(epochs):
        start, total = time.perf_counter(), 0.0
        order = np.random.permutation(count)
        for i in range(0, count, BATCH):
            chosen = order[i : i + BATCH]
            batch = rows[chosen]
            for optimizer in optimizers:
                optimizer.zero_grad(set_to_none=True)
            bags = (torch.from_numpy(batch.indices.astype(np.int64)), torch.from_numpy(batch.indptr[:-1].astype(np.int64)))
            sums = first(*bags, per_sample_weights=torch.from_numpy(batch.data)) + bias
            loss = crossentropy(second(torch.relu(sums)), targets[chosen])
            loss.backward()
            for optimizer in optimizers:
                optimizer.step()
            total += loss.item() * len(chosen)
        yield time.perf_counter() - start, total / count


run = {"sklearn": sklearn, "torch": lambda: torch(False), "torch-sparse-adam": lambda: torch(True)}[system]
seconds, losses = zip(*run())
print(f"{system}: best epoch {min(seconds):.3f} s ({' '.join(f'{s:.3f}' for s in seconds)}), loss {losses[-1]:.4f}")

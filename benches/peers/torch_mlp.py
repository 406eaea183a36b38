"""PyTorch, eager or (argument `compile`) compiled."""

import sys
import time

import mnist
import torch

X, Y, X_test, Y_test = (torch.from_numpy(a.copy()) for a in mnist.load())
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 10))
for layer in (model[0], model[2]):
    torch.nn.init.xavier_uniform_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7, foreach=True)
crossentropy = torch.nn.CrossEntropyLoss()


def step(x, y):
    optimizer.zero_grad(set_to_none=True)
    loss = crossentropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.detach()


compiled = "compile" in sys.argv
if compiled:
    step = torch.compile(step)
epochs = []
for _ in range(mnist.EPOCHS):
    start = time.perf_counter()
    order = torch.randperm(len(X))
    for i in range(0, len(X), mnist.BATCH):
        rows = order[i : i + mnist.BATCH]
        step(X[rows], Y[rows])
    epochs.append(time.perf_counter() - start)

start = time.perf_counter()
with torch.no_grad():
    accuracy = (model(X_test).argmax(1) == Y_test).float().mean().item()
mnist.report(f"PyTorch {'compiled' if compiled else 'eager'}", epochs, time.perf_counter() - start, accuracy)

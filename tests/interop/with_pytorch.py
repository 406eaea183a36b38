"""PyTorch: nn.Sequential takes the exported state_dict, and state_dicts come back as safetensors."""

from interop import Check, np

check = Check("PyTorch")
try:
    import torch
    from safetensors.torch import load_file, save_file
    from torch import nn
except ImportError as error:
    check.not_run(error)


def arrays(module):
    """Kernels (inputs x units) and biases by turns."""
    return [np.ascontiguousarray(parameter.detach().numpy().T) for parameter in module.parameters()]


def sequential(state):
    weights = [tensor for name, tensor in sorted(state.items(), key=lambda item: int(item[0].split(".")[0])) if name.endswith("weight")]
    modules = [module for w in weights for module in (nn.Linear(w.shape[1], w.shape[0]), nn.ReLU())]
    return nn.Sequential(*modules[:-1])


@torch.inference_mode()
def probabilities(net):
    return net(torch.from_numpy(check.inputs)).softmax(1).numpy()


path = check.export("model.safetensors")
state = load_file(path)
net = sequential(state)
net.load_state_dict(state, strict=True)
check.probabilities("state_dict", probabilities(net))
check.comes_back("state_dict", path, arrays(net))


class Named(nn.Module):
    """Names that say nothing of the order, and a square layer."""

    def __init__(self):
        super().__init__()
        self.stem, self.inner, self.head = nn.Linear(784, 48), nn.Linear(48, 48), nn.Linear(48, 10)

    def forward(self, x):
        return self.head(self.inner(self.stem(x).relu()).relu())


torch.manual_seed(0)
flat = nn.Sequential(nn.Flatten(), nn.Linear(784, 60), nn.ReLU(), nn.Dropout(), nn.Linear(60, 10)).eval()
for name, own in [("Flatten and Dropout", flat), ("a module of its own", Named())]:
    # A step of training, so that these are nobody's first numbers.
    optimizer = torch.optim.Adam(own.parameters(), 1e-2)
    nn.functional.cross_entropy(own(torch.from_numpy(check.inputs)), torch.zeros(len(check.inputs), dtype=torch.long)).backward()
    optimizer.step()
    path = check.folder / f"{type(own).__name__}.safetensors"
    save_file(own.state_dict(), path)
    check.comes_back(name, path, arrays(own), probabilities(own))
check.done()

"""ONNX Runtime: exports of both kinds of input, and graphs made by onnx.helper and by PyTorch."""

import logging

from interop import Check, forward, np, random_layers

check = Check("ONNX Runtime")
try:
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper
except ImportError as error:
    check.not_run(error)

npz = np.load(check.export("model.npz"))
arrays = [npz[f"layers.{i}.{part}"] for i in range(len(npz.files) // 2) for part in ("kernel", "bias")]


def run(path, x):
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (input,) = session.get_inputs()
    x = x.reshape(len(x), *input.shape[1:])
    # The number of rows is free.
    one = session.run(None, {input.name: x[:1]})[0]
    if one.shape[0] != 1:
        check.fail(f"a row gives {one.shape}")
    return session.run(None, {input.name: x})[0]


numbers, of_bytes = check.export("numbers.onnx"), check.export("bytes.onnx", "--input", "bytes")
check.probabilities("numbers", run(numbers, check.inputs))
check.probabilities("bytes", run(of_bytes, check.images))
check.comes_back("numbers", numbers, arrays)
check.comes_back("bytes", of_bytes, arrays)


def graph(own, turned, gemm):
    """A file as converters write them: Flatten and a division in front, MatMul and Add or Gemm, weights turned or not."""
    nodes = [
        helper.make_node("Cast", ["pictures"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["numbers", "limit"], ["scaled"]),
        helper.make_node("Flatten", ["scaled"], ["x0"], axis=1),
    ]
    constants = [numpy_helper.from_array(np.float32(255), "limit")]
    layers = len(own) // 2
    for i in range(layers):
        kernel = np.ascontiguousarray(own[2 * i].T) if turned else own[2 * i]
        constants += [numpy_helper.from_array(kernel, f"w{i}"), numpy_helper.from_array(own[2 * i + 1], f"b{i}")]
        if gemm:
            nodes.append(helper.make_node("Gemm", [f"x{i}", f"w{i}", f"b{i}"], [f"z{i}"], transB=int(turned)))
        else:
            nodes.append(helper.make_node("MatMul", [f"x{i}", f"w{i}"], [f"p{i}"]))
            nodes.append(helper.make_node("Add", [f"p{i}", f"b{i}"], [f"z{i}"]))
        kind = "Relu" if i < layers - 1 else "Softmax"
        nodes.append(helper.make_node(kind, [f"z{i}"], [f"x{i + 1}"]))
    inputs = [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["rows", 28, 28])]
    outputs = [helper.make_tensor_value_info(f"x{layers}", TensorProto.FLOAT, ["rows", own[-1].size])]
    made = helper.make_graph(nodes, "own", inputs, outputs, constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


for name, turned, gemm in [("MatMul", False, False), ("Gemm", False, True), ("Gemm, turned", True, True)]:
    own = random_layers([784, 40, 40, 10], len(name))
    path = check.folder / f"{len(name)}.onnx"
    onnx.save(graph(own, turned, gemm), path)
    check.comes_back(f"onnx.helper {name}", path, own, run(path, check.images))

try:
    import onnxscript  # noqa: F401 (torch.onnx needs it)
    import torch
except ImportError as error:
    print(f"interop with torch.onnx.export ... NOT RUN ({error})")
else:
    logging.disable(logging.WARNING)  # of packages that it would like to have
    torch.manual_seed(1)
    net = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10), torch.nn.Softmax(1)
    ).eval()
    # Its first weights are so small that all pictures give much the same.
    net[3].weight.data *= 10
    path = check.folder / "torch.onnx"
    rows = torch.export.Dim("rows")
    torch.onnx.export(net, (torch.zeros(2, 784),), str(path), dynamo=True, verbose=False, dynamic_shapes=({0: rows},))
    own = [np.ascontiguousarray(p.detach().numpy().T) for p in net.parameters()]
    check.comes_back("torch.onnx.export", path, own, run(path, check.inputs))
check.done()

"""The example notebook runs, cell by cell."""

import os
import pathlib

import pytest

from conftest import ROOT

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed")

NOTEBOOK = ROOT / "examples" / "first_network.ipynb"


def test_the_notebook_runs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    folder = os.environ.get("MNIST_DIR")
    if folder is None or not pathlib.Path(folder).is_dir():
        for cell in notebook.cells:
            cell.source = cell.source.replace("import mnist", "import digits as mnist")
    assert any("mnist.load_data()" in cell.source for cell in notebook.cells)
    nbclient.NotebookClient(notebook, timeout=120).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    text = "".join(output.get("text", "") for output in outputs)
    assert "Epoch 5/5" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2


def test_the_outputs_that_are_committed_are_of_a_whole_run():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not any(output.output_type == "error" for cell in cells for output in cell.outputs)
    assert NOTEBOOK.stat().st_size < 100_000

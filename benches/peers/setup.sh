#!/usr/bin/env bash
# Makes the Python environments under DIR: `tf` (NumPy, JAX, Keras on TensorFlow) and, unless SKIP_TORCH is set, `pt` (PyTorch).
set -euo pipefail
dir=${1:?usage: setup.sh DIR}
mkdir -p "$dir"
python3 -m venv "$dir/tf"
"$dir/tf/bin/pip" install --quiet tensorflow-cpu keras "jax[cpu]" numpy
if [ -z "${SKIP_TORCH:-}" ]; then
  python3 -m venv "$dir/pt"
  "$dir/pt/bin/pip" install --quiet torch numpy
fi

#!/usr/bin/env bash
# Trains the network in each named system, one after the other.
set -euo pipefail
dir=${1:?usage: run.sh DIR [numpy|jax|keras|keras-jax|torch|torch-compile]...}
shift
here=$(cd "$(dirname "$0")" && pwd)
: "${MNIST_DIR:?the folder with the four gzipped MNIST files}"
export MNIST_DIR
for peer in "${@:-numpy}"; do
  case $peer in
    numpy) "$dir/tf/bin/python" "$here/numpy_mlp.py" ;;
    jax) "$dir/tf/bin/python" "$here/jax_mlp.py" ;;
    keras) KERAS_BACKEND=tensorflow "$dir/tf/bin/python" "$here/keras_mlp.py" ;;
    keras-jax) KERAS_BACKEND=jax "$dir/tf/bin/python" "$here/keras_mlp.py" ;;
    torch) "$dir/pt/bin/python" "$here/torch_mlp.py" ;;
    torch-compile) "$dir/pt/bin/python" "$here/torch_mlp.py" compile ;;
    *) echo "no such peer: $peer" >&2; exit 2 ;;
  esac
done

#!/usr/bin/env bash
# Checks with other systems that networks get there and back: `tests/interop/run.sh DRIVER`, where DRIVER is the built program.
#
# INTEROP_ENV     folder of the Python environment to use, which is made if it is not there (else one in the work folder)
# INTEROP_PYTHON  interpreters of the same version whose packages are used, too, blanks between them: PyTorch and Keras are large,
#                 and are not installed here
#
# What cannot run says NOT RUN and why; what is wrong ends with a status that is not 0.
set -euo pipefail

driver=$(realpath "${1:?usage: run.sh DRIVER}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${INTEROP_ENV:-$work/env}
python=$environment/bin/python

not_run() {
    for system in NumPy "ONNX Runtime" PyTorch Keras; do
        echo "interop with $system ... NOT RUN ($1)"
    done
    exit 0
}

python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || not_run "there is no python3 of version 3.9 or later"
python3 -m venv "$environment" >/dev/null 2>&1 || not_run "python3 makes no environment: venv or pip is missing"
"$python" -m pip --disable-pip-version-check --quiet --retries 1 install numpy onnx onnxruntime safetensors \
    || not_run "pip cannot have the packages that the tests need"
for other in ${INTEROP_PYTHON:-}; do
    # PYTHONPATH would put them before the environment's own.
    PYTHONPATH=${PYTHONPATH:-} "$other" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >>"$work/others"
done
if [ -s "$work/others" ]; then
    export INTEROP_SITES=$work/others
fi

data=$work/digits
model=$work/run
"$driver" digits --out "$data" >/dev/null
"$driver" train --data "$data" --epochs 1 --hidden 128,64 --quiet --output "$model" >/dev/null
# No traces in the checkout.
export PYTHONDONTWRITEBYTECODE=1
status=0
for system in numpy onnx pytorch keras; do
    mkdir "$work/$system"
    KERAS_BACKEND=${KERAS_BACKEND:-jax} "$python" "$here/with_$system.py" "$driver" "$data" "$model" "$work/$system" || status=1
done
exit $status

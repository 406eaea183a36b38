#!/usr/bin/env bash
# The trainings by which settings were chosen: on 50,000 images of MNIST, tried on the other 10,000, which the seed holds out. A line
# a training: the accuracy and the loss (natural logarithm) of the last epoch's network on the 10,000, seconds, and its options
# beside those that all share. The test set is not looked at. MNIST_DIR names the folder with MNIST.
# usage: held_out.sh DRIVER [PATTERN]    those whose options match the extended regular expression
# UPRIGHT_DIR names MNIST with its pictures made upright (cargo run --release --example upright -- $MNIST_DIR $UPRIGHT_DIR); where it is
# not set, the trainings on them are left out, and said so.
set -euo pipefail
driver=${1:?usage: held_out.sh DRIVER [PATTERN]}
pattern=${2:-.}
: "${MNIST_DIR:?the folder with the four MNIST files}"
runs=$(mktemp -d)
count=0
trap 'rm -rf "$runs"' EXIT
shared="--validation 10000 --batch-size 256 --schedule cosine --warmup 0.02"

while read -r options; do
    run=$runs/$((++count))
    [[ $options == *--seed* ]] || options+=" --seed 1"
    data=$MNIST_DIR
    if [[ $options == *upright* ]]; then
        data=${UPRIGHT_DIR:-}
        if [[ ! $data ]]; then
            echo "NOT RUN (UPRIGHT_DIR is not set): $options"
            continue
        fi
    fi
    # shellcheck disable=SC2086
    "$driver" train $shared ${options/upright /} --data "$data" --quiet --output "$run" >/dev/null </dev/null
    last=$(grep '"event":"epoch"' "$run/metrics.jsonl" | tail -n 1)
    number() { sed -E "s/.*\"$1\":([0-9.e-]+).*/\1/" <<<"$last"; }
    seconds=$(sed -nE 's/.*"event":"epoch".*"seconds":([0-9.]+).*/\1/p' "$run/metrics.jsonl" | awk '{ sum += $1 } END { print sum }')
    printf '%.2f %%  %.4f  %4.0f s  %s\n' "$(awk "BEGIN { print 100 * $(number val_accuracy) }")" "$(number val_loss)" "$seconds" "$options"
    rm -rf "$run"
done < <(grep -E -- "$pattern" <<'TRAININGS'
--hidden 1024,512 --epochs 25 --optimizer rmsprop --learning-rate 1e-3 --augment none
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment none
--hidden 1024,512 --epochs 25 --optimizer rmsprop --learning-rate 2e-3 --augment weak
--hidden 1024,512 --epochs 25 --optimizer rmsprop --learning-rate 2e-3 --augment mid
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment weak
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment mid
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment strong
--hidden 1024,512 --epochs 25 --optimizer sgd --learning-rate 5e-2 --augment mid
--hidden 1024,512 --epochs 50 --optimizer adam --learning-rate 2e-3 --augment weak
--hidden 1024,512 --epochs 50 --optimizer adam --learning-rate 2e-3 --augment mid
--hidden 1024,512 --epochs 50 --optimizer adam --learning-rate 2e-3 --augment strong
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 1e-3 --augment mid
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 3e-3 --augment mid
--hidden 512,256 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment mid
--hidden 800 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment mid
--hidden 2048 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment mid
--hidden 1024,512,256 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment mid
--hidden 2048,1024 --epochs 25 --optimizer adam --learning-rate 1.5e-3 --augment mid
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment mid --augment-elastic 0
--hidden 1024,512 --epochs 25 --optimizer adam --learning-rate 2e-3 --augment none --augment-elastic 1
--hidden 1024,512 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 1
upright --hidden 1024,512 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 1
--hidden 1024,512,256 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 1
upright --hidden 1024,512,256 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 1
--hidden 1024,512 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 2
upright --hidden 1024,512 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 2
--hidden 1024,512,256 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 2
upright --hidden 1024,512,256 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 2
--hidden 1024,512 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 3
upright --hidden 1024,512 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 3
--hidden 1024,512,256 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 3
upright --hidden 1024,512,256 --epochs 40 --optimizer adam --learning-rate 2e-3 --augment mid --seed 3
TRAININGS
)

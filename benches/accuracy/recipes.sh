#!/usr/bin/env bash
# The rows of the table of recipes: a line a run, by seed. MNIST_DIR names the folder with MNIST.
# usage: recipes.sh DRIVER [fast|good|best]...
set -euo pipefail
driver=${1:?usage: recipes.sh DRIVER [fast|good|best]...}
shift
: "${MNIST_DIR:?the folder with the four MNIST files}"
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT
for recipe in "${@:-fast}"; do
    case $recipe in
        fast) seeds="0 1 2 3 4 5 6 7 8 9" ;;
        *) seeds="1 2 3 4 5" ;;
    esac
    for seed in $seeds; do
        printf '%s, seed %s: ' "$recipe" "$seed"
        "$driver" train --recipe "$recipe" --seed "$seed" --quiet --output "$runs/$recipe-$seed"
    done
done

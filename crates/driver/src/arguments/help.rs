//! The texts below the options of the commands.

/// Where `driver train` takes images from, for those who ask for help.
pub(super) const TRAINING_IMAGES: &str = "\
--data names images in one of these forms, or rows of features (below):
  a folder with four IDX files, *train-images*, *train-labels*, *test-images* (or
  t10k-images) and *test-labels*, plain or .gz; of several data sets in a folder,
  a file of one
  an .npz with x_train, y_train, x_test and y_test
  a folder with train/CLASS/PICTURE and test/CLASS/PICTURE, or CLASS/PICTURE: PNG,
  JPEG, WebP or PGM of one size
  a .csv, plain or .gz: a line an image, its label and pixels from 0 to 255
Where none are apart to test on, --test names some, or a fifth of each class is
held out, chosen by --seed.
Without --data, images are MNIST's, from the folder that MNIST_DIR names or from
the user's cache folder, to which what is missing is downloaded. Where that fails,
they are digits that the program draws itself, and it says so; but what --dataset
names is never replaced.
MNIST_MIRROR=URL has that folder asked for MNIST instead of the known ones.
Proxies are taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY.";

/// Where `driver evaluate` and `driver predict` take images from, for those who ask for help.
pub(super) const TEST_IMAGES: &str = "\
Images come from what --data names, in any form that `driver train --help` lists,
or are those that --dataset names: the test set, or all, where none is apart.
Without either they are those of the run that saved the network, as config.json
beside it records them, the held-out ones included; of a network without such a
record, MNIST's: from the folder that MNIST_DIR names or from the user's cache
folder, to which what is missing is downloaded. Where they cannot be had, no others
take their place. A notice says when the test set is not the one of the network's
run, or not of the kind that it was trained on.
MNIST_MIRROR=URL has that folder asked for MNIST instead of the known ones.
Proxies are taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY.";

/// The way of pictures into a network, for those who ask for help.
pub(super) const OWN_PICTURES: &str = "\
The digit in a FILE may be dark or light, small or large, a drawing or a
photograph: it is found, scaled and moved to the middle as those of MNIST are. One
file is drawn as the network sees it, several make a table; of a folder, all
pictures in it are read. A file that cannot be read takes a line on stderr, the
others are read all the same, and the exit status is 1.
  driver predict --model runs/latest seven.jpg
  driver predict --model runs/latest --json scans/";

/// The form of a file of features, for those who ask for help.
pub(super) const FEATURES: &str = "\
Any other file that --data names has rows of sparse features in the text format of
svmlight and LIBSVM, plain or gzipped: a line a row, as in '3 17:0.5 40:1', label
first. Labels are numbers or names. Indices begin with 0 if any index is 0, and
else with 1. Without --test, a fifth of the rows of each class is held out to test
on, chosen by --seed.";

/// As [`FEATURES`], for a network that is saved.
pub(super) const TEST_FEATURES: &str = "\
Any other file that --data names has rows of sparse features in the text format of
svmlight and LIBSVM, plain or gzipped, with the labels of the network's classes;
all of its rows are taken.";

/// The end of a training that is interrupted, for those who ask for help.
pub(super) const INTERRUPTIONS: &str = "\
Ctrl-C (SIGINT) and SIGTERM end a training after its current step; what was
reached is saved like any other result, and the exit status is 128 + the signal.
A second one ends the program at once. The folder of a run that left no model may
be named again with --output.";

/// The judgement and the length of a training, for those who ask for help.
pub(super) const HABITS: &str = "\
--validation holds training examples out before anything is shuffled: of each
class its share, chosen by --seed. They are not distorted, each epoch is tried on
them, and the test set is read at the end alone. With --early-stopping the network
of the epoch with the lowest validation loss is kept; the schedule stays that of
all --epochs, so a training that ends early has not seen its lowest rates.

--time-limit first trains a copy for 3 % of the time at most, throws it away, and
begins again with as many epochs as the rest is enough for; --epochs with their
number trains the same network, bit for bit. Should the machine become slower
meanwhile, the training ends at the limit all the same, and a notice says so.";

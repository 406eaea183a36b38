//! `driver train`: the example from its data to its first ten readings.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use dataset::Mnist;
use model::{Activation, FitConfig, MOST_WEIGHTS, Network, Trainer};

use crate::arguments::{DatasetName, HIDDEN, TrainArguments};
use crate::data::chance::is_chance;
use crate::data::classes;
use crate::data::identity::identify;
use crate::data::source::{Data, absolute};
use crate::error::Error;
use crate::report;
use crate::run::folder::RunFolder;
use crate::run::progress::Progress;
use crate::run::saved_network::SavedNetwork;
use crate::run::signals::Signals;
use crate::terminal::notice::notice;
use crate::terminal::opening::{self, Machine};
use crate::terminal::output::Output;
use crate::terminal::readings::{first_images, show};
use record::{Checksums, Config, Event, Images, Optimizer, Run};

/// Trains a network, evaluates it, saves it, and shows how it reads the first test images.
///
/// The exit status is that of a signal, if one has ended the training.
pub(crate) fn train(arguments: &TrainArguments, machine: Machine) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let started = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let mut out = Output::new(arguments.quiet);
    opening::headline(&mut out, machine)?;

    let init = arguments.init.as_deref().map(SavedNetwork::load).transpose()?;
    let init_file = init.as_ref().map(|init| init.file.clone());
    let data = load_data(arguments, init.as_ref())?;
    let mnist = &data.examples;
    opening::data(&mut out, &data)?;
    writeln!(out)?;
    opening::labels(&mut out, &mnist.train, mnist.classes)?;

    classes::check(mnist, arguments.classes.is_some())?;

    let (network, (sha256, dataset)) = rayon::join(
        || initial_network(arguments, init, &data),
        || identify(mnist, data.origin.0.as_deref()),
    );
    let network = network?;
    data.check_expected(dataset);
    writeln!(out, "\n{}", network.summary())?;
    let mut trainer = Trainer::new(network, arguments.optimizer())?;

    // Both before the work, so that what cannot be written costs nobody an hour.
    out.check()?;
    let mut run = RunFolder::create(arguments.output.as_deref(), &started)?;
    let images = images(&data, sha256, dataset);
    let config = config(arguments, machine, started, images, init_file, trainer.network());
    run.write_config(&config)?;

    // Up to here, a signal ends the program: there is nothing to save.
    let signals = Signals::catch().map_err(Error::Signals)?;
    let mut progress = Progress::new(arguments, mnist, &mut out, &mut run, &signals);
    let fit = FitConfig {
        epochs: arguments.epochs,
        batch_size: arguments.batch_size,
        shuffle: !arguments.no_shuffle,
        seed: arguments.seed,
    };
    let (rows, targets) = (mnist.train.rows(), mnist.train.targets());
    let history = trainer.fit_observed(rows, targets, &fit, &mut progress)?;
    let outcome = progress.finish(&history, trainer.network())?;

    // The optimizer's state makes room: saving and reporting need some.
    let network = &trainer.into_network();
    let (trained, test) = outcome.epochs.last().expect("a fit has an epoch");
    run.log(&Event::evaluate(test))?;
    if let Some(interruption) = &outcome.interruption {
        run.log(&Event::interrupted(interruption, trained))?;
    }
    network.save(&run.model())?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out)?;
    out.result(format_args!("{test}, {seconds:.2} s since the start"));
    let page = report::page(&Run {
        config: &config,
        folder: run.path(),
        network,
        test_set: &mnist.test,
        interruption: outcome.interruption.as_ref(),
        epochs: &outcome.epochs,
        steps: &outcome.steps,
        seconds,
    })?;
    let report_file = page.map(|html| run.write_report(&html)).transpose()?;
    let is_complete = outcome.interruption.is_none();
    if is_complete && is_chance(test.accuracy, mnist) {
        notice(
            "the network reads hardly more test images right than chance would; try a smaller --learning-rate, more \
             --epochs, or other data",
        );
    }
    let folder = run.path().to_owned();
    run.complete()?;
    writeln!(out)?;
    if is_complete && !arguments.quiet {
        writeln!(out, "The first test images, as the network reads them\n")?;
        show(&mut out, network, &mnist.test, &first_images(&mnist.test))?;
    }
    writeln!(out, "Model, settings and metrics are in {}", folder.display())?;
    if let Some(file) = report_file {
        writeln!(out, "The whole run on a page: {}", file.display())?;
    }
    out.check()?;
    Ok(signals.exit_code())
}

/// The data asked for, with as many classes as `--classes` or the network to start from says.
fn load_data(
    arguments: &TrainArguments,
    init: Option<&SavedNetwork>,
) -> Result<Data<Mnist>, Error> {
    let asked = arguments.classes.map(usize::from);
    let Some(SavedNetwork { file, network, .. }) = init else {
        return Data::to_train_on(&arguments.common, asked, arguments.quiet);
    };
    let found = network.classes();
    if let Some(asked) = asked.filter(|&asked| asked != found) {
        return Err(Error::Classes { model: file.clone(), found, asked });
    }
    Data::to_train_on(&arguments.common, Some(found), arguments.quiet)
        .map_err(|error| error.of_network(file, found))
}

/// The one to start from, or one drawn from the seed in the sizes that data and `--hidden` ask for.
fn initial_network(
    arguments: &TrainArguments,
    init: Option<SavedNetwork>,
    data: &Data<Mnist>,
) -> Result<Network, Error> {
    let (hidden, pixels) = (arguments.hidden.as_deref(), data.pixels());
    let Some(init) = init else {
        let sizes = [&[pixels], hidden.unwrap_or(HIDDEN), &[data.examples.classes]].concat();
        if pixels.saturating_mul(sizes[1]) > MOST_WEIGHTS {
            return Err(Error::FirstLayer { pixels, units: sizes[1] });
        }
        return Ok(Network::glorot_uniform(&sizes, Activation::Relu, arguments.seed)?);
    };
    init.check_fit(pixels)?;
    let sizes = init.network.sizes();
    let found = &sizes[1..sizes.len() - 1];
    match hidden {
        Some(asked) if asked != found => {
            Err(Error::Hidden { model: init.file, found: found.to_vec(), asked: asked.to_vec() })
        }
        _ => Ok(init.network),
    }
}

/// The record of the images of the run.
fn images(data: &Data<Mnist>, sha256: Checksums, dataset: Option<DatasetName>) -> Images {
    let Mnist { train, test, classes } = &data.examples;
    Images {
        dataset: dataset.map(DatasetName::name),
        folder: data.origin.absolute().0.map(|folder| folder.display().to_string()),
        train: train.len(),
        test: test.len(),
        image: [train.image_rows(), train.image_columns()],
        classes: *classes,
        sha256,
    }
}

fn config(
    arguments: &TrainArguments,
    machine: Machine,
    started: String,
    data: Images,
    init: Option<PathBuf>,
    network: &Network,
) -> Config {
    let optimizer = arguments.optimizer();
    Config {
        version: env!("CARGO_PKG_VERSION"),
        release_build: !cfg!(debug_assertions),
        isa: machine.isa.name(),
        threads: machine.threads,
        started,
        data,
        sizes: network.sizes(),
        parameters: network.parameter_count(),
        init: init.map(|file| absolute(&file).display().to_string()),
        rmsprop: Optimizer {
            form: arguments.rmsprop.name(),
            learning_rate: optimizer.learning_rate,
            rho: optimizer.rho,
            epsilon: optimizer.epsilon,
        },
        epochs: arguments.epochs,
        batch_size: arguments.batch_size,
        shuffle: !arguments.no_shuffle,
        seed: arguments.seed,
    }
}

//! `driver train`: the example from its data to its first ten readings.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use dataset::{Mnist, Shuffler};
use model::{Activation, FitConfig, Network, Trainer};

use crate::arguments::{DatasetName, HIDDEN, TrainArguments};
use crate::chance::is_chance;
use crate::data::Data;
use crate::error::Error;
use crate::evaluate::check_fit;
use crate::notice::notice;
use crate::output::Output;
use crate::predict::{first_images, show};
use crate::progress::Progress;
use crate::record::{Config, Event, Images, Optimizer};
#[cfg(feature = "report")]
use crate::report;
use crate::run_folder::RunFolder;
use crate::signals::Signals;
use crate::story::{self, Machine};

/// Trains a network, evaluates it, saves it, and shows how it reads the first test images.
///
/// The exit status is that of a signal, if one has ended the training.
pub(crate) fn train(arguments: &TrainArguments, machine: Machine) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let started = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let mut out = Output::new(arguments.quiet);
    story::headline(&mut out, machine)?;

    let data = Data::load(&arguments.common, arguments.quiet)?;
    let mnist = &data.mnist;
    story::data(&mut out, &data)?;
    writeln!(out)?;
    story::labels(&mut out, &mnist.train, mnist.classes)?;

    let network = initial_network(arguments, &data)?;
    writeln!(out, "\n{}", network.summary())?;
    let mut trainer = Trainer::new(network, arguments.optimizer())?;

    // Both before the work, so that what cannot be written costs nobody an hour.
    out.check()?;
    let mut run = RunFolder::create(arguments.output.as_deref(), &started)?;
    let config = config(arguments, machine, started, &data, trainer.network());
    run.write_config(&config)?;

    // Up to here, a signal ends the program: there is nothing to save.
    let signals = Signals::catch().map_err(Error::Signals)?;
    let mut progress = Progress::new(arguments, mnist, &mut out, &mut run, &signals);
    let fit = FitConfig { epochs: arguments.epochs, batch_size: arguments.batch_size };
    let mut shuffler = Shuffler::new(arguments.seed);
    let mut shuffle = |order: &mut [u32]| {
        if !arguments.no_shuffle {
            shuffler.shuffle(order);
        }
    };
    let (rows, targets) = (mnist.train.rows(), mnist.train.targets());
    let history = trainer.fit(rows, targets, &fit, &mut shuffle, &mut progress)?;
    let network = trainer.network();
    let seen = progress.finish(&history, network)?;

    let (trained, test) = seen.epochs.last().expect("a fit has an epoch");
    run.log(&test.event())?;
    if let Some(interruption) = &seen.interruption {
        run.log(&Event::interrupted(interruption, trained))?;
    }
    network.save(&run.model())?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out)?;
    out.result(format_args!("{test}, {seconds:.2} s since the start"));
    #[cfg(feature = "report")]
    let report_file = run.write_report(&report::page(&report::Run {
        config: &config,
        folder: run.path(),
        network,
        test_set: &mnist.test,
        interruption: seen.interruption.as_ref(),
        epochs: &seen.epochs,
        steps: &seen.steps,
        seconds,
    })?)?;
    let is_complete = seen.interruption.is_none();
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
    #[cfg(feature = "report")]
    writeln!(out, "The whole run on a page: {}", report_file.display())?;
    out.check()?;
    Ok(signals.exit_code())
}

/// From the file given, or drawn from the seed in the sizes that data and `--hidden` ask for.
fn initial_network(arguments: &TrainArguments, data: &Data) -> Result<Network, Error> {
    let hidden = arguments.hidden.as_deref();
    let Some(file) = &arguments.init else {
        let sizes = [&[data.pixels()], hidden.unwrap_or(HIDDEN), &[data.mnist.classes]].concat();
        return Ok(Network::glorot_uniform(&sizes, Activation::Relu, arguments.seed)?);
    };
    let network = Network::load(file)?;
    check_fit(&network, file, data)?;
    let sizes = network.sizes();
    let found = &sizes[1..sizes.len() - 1];
    match hidden {
        Some(asked) if asked != found => {
            Err(Error::Hidden { model: file.clone(), found: found.to_vec(), asked: asked.to_vec() })
        }
        _ => Ok(network),
    }
}

fn config(
    arguments: &TrainArguments,
    machine: Machine,
    started: String,
    data: &Data,
    network: &Network,
) -> Config {
    let optimizer = arguments.optimizer();
    let Mnist { train, test, classes } = &data.mnist;
    Config {
        version: env!("CARGO_PKG_VERSION"),
        release_build: !cfg!(debug_assertions),
        isa: machine.isa.name(),
        threads: machine.threads,
        started,
        data: Images {
            dataset: data.origin.dataset.map(DatasetName::name),
            folder: data.origin.folder.as_deref().map(absolute),
            train: train.len(),
            test: test.len(),
            image: [train.image_rows(), train.image_columns()],
            classes: *classes,
        },
        sizes: network.sizes(),
        parameters: network.parameter_count(),
        init: arguments.init.as_deref().map(absolute),
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

/// A path that still means the same when it is read from another folder.
fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

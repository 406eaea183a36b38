//! `driver train`: the example from its data to its first ten readings.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use model::{Activation, MOST_WEIGHTS, Network, Trainer};
use record::{Event, Run, TestResult};

use crate::arguments::TrainArguments;
use crate::data::chance::is_chance;
use crate::data::epochs::Source;
use crate::data::training_set::TrainingSet;
use crate::data::watched::{Watched, held_out};
use crate::error::Error;
use crate::report;
use crate::run::folder::RunFolder;
use crate::run::plan::{Plan, TimeLimit, Work};
use crate::run::progress::{Examples, Progress};
use crate::run::saved_network::SavedNetwork;
use crate::run::settings::{Start, settings};
use crate::run::signals::Signals;
use crate::terminal::notice::notice;
use crate::terminal::opening::{self, Machine};
use crate::terminal::output::Output;
use crate::terminal::shown::{first, show};

/// Trains a network, evaluates it, saves it, and shows how it reads the first test examples.
///
/// The exit status is that of a signal, if one has ended the training.
pub(crate) fn train(arguments: &TrainArguments, machine: Machine) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let started = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let mut out = Output::new(arguments.quiet);
    opening::headline(&mut out, machine)?;

    let init = arguments.init.as_deref().map(SavedNetwork::load).transpose()?;
    let init_file = init.as_ref().map(|init| init.file.clone());
    let data = TrainingSet::load(arguments, init.as_ref())?;
    let (train, test_set, names) = (data.train(), data.test(), data.names());
    data.open(&mut out)?;
    data.check_classes(arguments.classes.is_some())?;

    let validation = held_out(&data, arguments)?;
    let trained_on = validation.as_ref().map(|validation| validation.train.as_slice());
    let watched = Watched::of(&data, validation.as_ref());
    opening::validation(&mut out, validation.as_ref(), train)?;

    let (network, record) =
        rayon::join(|| initial_network(arguments, init, &data), || data.record());
    let network = network?;
    writeln!(out, "\n{}", network.summary())?;
    let mut source = Source::of(&data, arguments)?;
    // Of what a trial learns nothing is kept.
    let untrained = arguments.time_limit.map(|_| network.try_clone()).transpose()?;
    let mut trainer = Trainer::new(network, arguments.optimizer())?;

    // Both before the work, so that what cannot be written costs nobody an hour.
    out.check()?;
    let mut run = RunFolder::create(arguments.output.as_deref(), &started)?;
    let mut plan = Plan { epochs: arguments.epochs, deadline: None };
    if let (Some(limit), Some(untrained)) = (arguments.time_limit, untrained) {
        let mut work = Work {
            source: &mut source,
            targets: train.targets(),
            chosen: trained_on,
            watched,
            tested: test_set.len(),
        };
        plan = TimeLimit { start, limit }.plan(trainer, &arguments.fit(1), &mut work)?;
        trainer = Trainer::new(untrained, arguments.optimizer())?;
        opening::plan(&mut out, limit, plan)?;
    }
    let start_of_run = Start { machine, started, init: init_file };
    let config = settings(arguments, plan, watched, start_of_run, record, trainer.network());
    run.write_config(&config)?;

    // Up to here, a signal ends the program: there is nothing to save.
    let signals = Signals::catch().map_err(Error::Signals)?;
    let examples = Examples { train, count: trained_on.map_or(train.len(), <[u32]>::len), watched };
    let network = trainer.network();
    let mut progress =
        Progress::new(arguments, plan, examples, network, &mut out, &mut run, &signals)?;
    let (targets, fit) = (train.targets(), arguments.fit(plan.epochs));
    let history = trainer.fit_epochs(&mut source, targets, trained_on, &fit, &mut progress)?;
    drop(source);
    let outcome = progress.finish(&history, trainer.network())?;

    // The optimizer's state makes room: saving and reporting need some.
    let last = trainer.into_network();
    let (best, network) = match &outcome.best {
        Some((best, network)) => (Some(best), network),
        None => (None, &last),
    };
    let (trained, after) = outcome.epochs.last().expect("a fit has an epoch");
    let test = &match validation {
        Some(_) => TestResult::of(network, test_set)?,
        None => *after,
    };
    if let Some(best) = best {
        run.log(&Event::best(best))?;
        writeln!(out, "\n{best}")?;
    }
    run.log(&Event::evaluate(test))?;
    if let Some(interruption) = &outcome.interruption {
        run.log(&Event::interrupted(interruption, trained))?;
    }
    network.save_with_notes(&run.model(), &data.description().to_notes())?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out)?;
    out.result(format_args!("{test}, {seconds:.2} s since the start"));
    let page = report::page(&Run {
        config: &config,
        folder: run.path(),
        network,
        train_set: train,
        trained_on,
        test_set,
        names,
        interruption: outcome.interruption.as_ref(),
        best,
        epochs: &outcome.epochs,
        test,
        steps: &outcome.steps,
        seconds,
    })?;
    let report_file = page.map(|html| run.write_report(&html)).transpose()?;
    // Who leaves wants no pictures.
    let is_complete = !outcome.interruption.is_some_and(|interruption| interruption.is_by_signal());
    if is_complete && is_chance(test.accuracy, train, test_set) {
        notice(format_args!(
            "the network reads hardly more test {} right than chance would; try a smaller --learning-rate, more --epochs, \
             or other data",
            test_set.plural()
        ));
    }
    let folder = run.path().to_owned();
    run.complete()?;
    writeln!(out)?;
    if is_complete && !arguments.quiet {
        writeln!(out, "The first test {}, as the network reads them\n", test_set.plural())?;
        show(&mut out, network, test_set, names, &first(test_set))?;
    }
    writeln!(out, "Model, settings and metrics are in {}", folder.display())?;
    if let Some(file) = report_file {
        writeln!(out, "The whole run on a page: {}", file.display())?;
    }
    out.check()?;
    if let Some(required) = arguments.require_accuracy.filter(|&required| test.accuracy < required)
    {
        return Err(Error::Accuracy { reached: test.accuracy, required });
    }
    Ok(signals.exit_code())
}

/// The one to start from, or one drawn from the seed in the sizes that data and `--hidden` ask for.
fn initial_network(
    arguments: &TrainArguments,
    init: Option<SavedNetwork>,
    data: &TrainingSet,
) -> Result<Network, Error> {
    let (hidden, inputs) = (arguments.hidden.as_deref(), data.inputs());
    let Some(init) = init else {
        let classes = data.names().classes.len();
        let sizes = [&[inputs], arguments.layers(), &[classes]].concat();
        if inputs.saturating_mul(sizes[1]) > MOST_WEIGHTS {
            return Err(data.too_large(sizes[1]));
        }
        return Ok(Network::glorot_uniform(&sizes, Activation::Relu, arguments.seed)?);
    };
    init.check_fit(inputs)?;
    let sizes = init.network.sizes();
    let found = &sizes[1..sizes.len() - 1];
    match hidden {
        Some(asked) if asked != found => {
            Err(Error::Hidden { model: init.file, found: found.to_vec(), asked: asked.to_vec() })
        }
        _ => Ok(init.network),
    }
}

use model::Rmsprop;

use super::*;

fn parse_line(line: &str) -> Result<Arguments, clap::Error> {
    parse(line.split(' ').map(OsString::from))
}

#[test]
fn definitions_are_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn nothing_means_train_with_the_settings_of_the_example() {
    let alone = parse_line("driver").unwrap();
    let Command::Train(train) = &alone.command else { panic!("{alone:?}") };
    assert_eq!((train.epochs, train.batch_size, train.seed), (5, 128, 0));
    assert_eq!(train.optimizer(), Rmsprop::keras2().into());
    assert!(train.hidden.is_none() && !train.no_shuffle && !train.quiet);
    assert_eq!(format!("{alone:?}"), format!("{:?}", parse_line("driver train").unwrap()));
    let options = parse_line("driver --epochs 3 --quiet").unwrap();
    let spelled_out = parse_line("driver train --epochs 3 --quiet").unwrap();
    assert_eq!(format!("{options:?}"), format!("{spelled_out:?}"));
}

#[test]
fn lists_are_separated_by_commas() {
    let Command::Train(train) = parse_line("driver train --hidden 512,256").unwrap().command else {
        panic!()
    };
    assert_eq!(train.hidden.unwrap(), [512, 256]);
    let line = "driver predict --model m --index 3 1,4";
    let Command::Predict(predict) = parse_line(line).unwrap().command else { panic!() };
    assert_eq!(predict.index, [3..=3, 1..=1, 4..=4]);
}

#[test]
fn what_is_wrong_fits_one_line() {
    for (line, cause) in [
        ("driver train --epochs 0", "at least 1"),
        ("driver train --batch-size -1", "--batch-size"),
        ("driver train --batch-size 1.5", "at least 1"),
        ("driver train --hidden 512,0", "from 1 to 65536"),
        ("driver train --hidden 512,", "from 1 to 65536"),
        ("driver train --hidden 65537", "from 1 to 65536"),
        (
            "driver train --hidden 4,65536,65536",
            "--hidden 65536,65536 asks for a layer of 4,294,967,296",
        ),
        ("driver train --hidden 65536,32769", "can have is 2,147,483,648"),
        ("driver train --classes 1", "2..=65536"),
        ("driver train --classes 65537", "2..=65536"),
        ("driver train --learning-rate 0", "above 0"),
        ("driver train --learning-rate NaN", "above 0"),
        ("driver train --learning-rate inf", "above 0"),
        ("driver train --learning-rate 1e-60", "above 0"),
        ("driver train --learning-rate 1e60", "above 0"),
        ("driver train --threads 0", "1..=1024"),
        ("driver train --threads 1025", "1..=1024"),
        ("driver train --rmsprop keras4", "[possible values: keras2, keras3]"),
        ("driver train --epoch 3", "; tip: a similar argument exists: '--epochs'"),
        ("driver train --data d --dataset mnist", "'--data <PATH>' cannot be used with"),
        ("driver train --dataset cifar", "[possible values: mnist, fashion-mnist, digits]"),
        ("driver evaluate", "were not provided: --model <FILE>"),
        ("driver predict --model m --index x", "'x'"),
        ("driver paint", "unrecognized subcommand 'paint'"),
    ] {
        let message = one_line(&parse_line(line).expect_err(line));
        assert!(message.contains(cause) && !message.contains('\n'), "{line}: {message}");
        assert!(!message.starts_with("error") && !message.contains("Usage"), "{line}: {message}");
    }
}

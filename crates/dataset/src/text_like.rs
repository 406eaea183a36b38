//! Features like those of texts, drawn by the program: rows of word counts whose classes are known.
//!
//! A row is a text: its length has a long tail, as the lengths of texts have, and its words come from three sources. Most
//! are common words, whose frequency falls with their rank as Zipf found. Some are of the topic of the row's class, and
//! a few of the topic of another class, chosen anew for every row, which is why short rows cannot always be told apart.
//! No word is of two topics, so [`TextLike::names`] can say of each which it is of: the known answer.
//!
//! The numbers are the roots of the counts, scaled to a length of 1, as retrieval systems weigh words. Only exactly defined
//! operations are used (no logarithm, no power), so that a seed gives the same rows on every machine.

use kernels::Csr;
use rayon::prelude::*;

use crate::{Features, dice::Dice};

/// Of this many words drawn, so many are of the topic of the row's class …
const WORDS: u64 = 64;
const OWN_TOPIC: u64 = 10;
/// … and so many of the topic that the row has besides.
const OTHER_TOPIC: u64 = 2;
/// One column in eight is a word of a topic.
const TOPICS_SHARE: usize = 8;
/// The longest row has about fifty times the words of the shortest: lengths are `1 / (u + 1/50)` for a uniform `u`, whose
/// mean is the logarithm of 51.
const TAIL: f64 = 1.0 / 50.0;
const TAIL_MEAN: f64 = 3.931_825_632_724_326;
/// Words drawn for each different one that a row should have, at most: there may be no more different ones.
const DRAWS: usize = 8;
/// Rows that are drawn in one go.
const PART: usize = 256;

/// The sizes of features like those of texts, and their seed. The default is of the kind that dense networks on words are
/// for: 20,000 rows of 50,000 columns with 47 words each, of 20 classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLike {
    /// Texts.
    pub rows: usize,
    /// Words that there are.
    pub columns: usize,
    /// Different words of a text, on average.
    pub non_zeros: usize,
    /// Classes, from which the texts are evenly drawn.
    pub classes: usize,
    /// Seed of everything: the language and its texts.
    pub seed: u64,
}

impl Default for TextLike {
    fn default() -> Self {
        Self { rows: 20_000, columns: 50_000, non_zeros: 47, classes: 20, seed: 0 }
    }
}

/// Draws rows of features like those of texts, to learn from.
///
/// The same settings give the same rows, to the bit, at any number of threads and on any machine with IEEE arithmetic.
/// Fewer rows are the beginning of more.
///
/// # Panics
/// If there are fewer than two classes or more than 65,536, fewer than eight columns a class, or more than 2³² − 1 columns.
pub fn text_like(settings: &TextLike) -> Features {
    Language::new(settings).draw(0, settings.rows)
}

impl TextLike {
    /// As many columns a language has to have for its classes.
    pub fn fewest_columns(&self) -> usize {
        TOPICS_SHARE * self.classes
    }

    /// Other rows of the same language, to test on.
    ///
    /// # Panics
    /// As [`text_like`].
    pub fn test_set(&self, rows: usize) -> Features {
        Language::new(self).draw(1 << 40, rows)
    }

    /// A name for each column: `topic3.0` is the most frequent word of the topic of class 3, `common0` that of all words.
    ///
    /// # Panics
    /// As [`text_like`].
    pub fn names(&self) -> Vec<String> {
        let language = Language::new(self);
        let mut names = vec![String::new(); self.columns];
        for (rank, &column) in language.columns.iter().enumerate() {
            names[column as usize] = match rank.checked_sub(language.topics()) {
                Some(rank) => format!("common{rank}"),
                None => format!("topic{}.{}", rank / language.topic, rank % language.topic),
            };
        }
        names
    }
}

/// The words that there are, and how frequent they are.
struct Language {
    classes: usize,
    non_zeros: usize,
    /// Words of a topic.
    topic: usize,
    /// The columns in a random order: those of the topics, topic after topic, then the common ones; each by frequency.
    columns: Vec<u32>,
    topic_frequencies: Frequencies,
    common_frequencies: Frequencies,
    /// Row i is drawn from the seed key + i.
    key: u64,
}

impl Language {
    #[track_caller]
    fn new(settings: &TextLike) -> Self {
        let &TextLike { columns, non_zeros, classes, seed, .. } = settings;
        assert!((2..=1 << 16).contains(&classes), "{classes} classes");
        assert!(columns >= settings.fewest_columns(), "{columns} columns for {classes} classes");
        let columns = u32::try_from(columns).expect("columns have indices of 32 bits");
        let mut dice = Dice::new(seed);
        let mut shuffled: Vec<u32> = (0..columns).collect();
        dice.shuffle(&mut shuffled);
        let topic = shuffled.len() / (TOPICS_SHARE * classes);
        Self {
            classes,
            non_zeros,
            topic,
            topic_frequencies: Frequencies::new(topic),
            common_frequencies: Frequencies::new(shuffled.len() - classes * topic),
            columns: shuffled,
            key: dice.word(),
        }
    }

    /// The number of words that are of a topic.
    fn topics(&self) -> usize {
        self.classes * self.topic
    }

    /// `count` texts, the first of which is number `first`.
    fn draw(&self, first: u64, count: usize) -> Features {
        let part = |part: usize| {
            let rows = part * PART..count.min((part + 1) * PART);
            let (mut part, mut text) = (Part::default(), Text::default());
            for row in rows {
                let mut dice = Dice::new(self.key.wrapping_add(first + row as u64));
                part.labels.push(self.write(&mut dice, &mut text));
                part.lengths.push(text.counted.len());
                text.weigh_into(&mut part);
            }
            part
        };
        let parts: Vec<Part> = (0..count.div_ceil(PART)).into_par_iter().map(part).collect();
        let non_zeros = parts.iter().map(|part| part.indices.len()).sum();
        let (mut starts, mut labels) = (Vec::with_capacity(count + 1), Vec::with_capacity(count));
        let (mut indices, mut values) =
            (Vec::with_capacity(non_zeros), Vec::with_capacity(non_zeros));
        starts.push(0);
        for part in parts {
            for length in part.lengths {
                starts.push(starts[starts.len() - 1] + length);
            }
            indices.extend(part.indices);
            values.extend(part.values);
            labels.extend(part.labels);
        }
        let csr = Csr::new(starts, indices, values, self.columns.len());
        Features::new(csr.expect("the columns are those of the language"), labels)
    }

    /// Writes a text and says of which class it is.
    fn write(&self, dice: &mut Dice, text: &mut Text) -> u16 {
        let class = dice.below(self.classes as u64) as usize;
        let other = (class + 1 + dice.below(self.classes as u64 - 1) as usize) % self.classes;
        let length = self.non_zeros as f64 / TAIL_MEAN / (dice.unit() + TAIL);
        let length = (length.round() as usize).clamp(1, self.columns.len());
        text.words.clear();
        // How many different words there are is known when they are sorted: by ever more draws, until there are enough.
        let mut missing = length;
        loop {
            for _ in 0..missing {
                let word = match dice.below(WORDS) {
                    source if source < OWN_TOPIC => self.topic_word(class, dice),
                    source if source < OWN_TOPIC + OTHER_TOPIC => self.topic_word(other, dice),
                    _ => self.columns[self.topics() + self.common_frequencies.draw(dice)],
                };
                text.words.push(word);
            }
            text.count();
            missing = length.saturating_sub(text.counted.len());
            if missing == 0 || text.words.len() >= DRAWS * length {
                return class as u16;
            }
        }
    }

    fn topic_word(&self, class: usize, dice: &mut Dice) -> u32 {
        self.columns[class * self.topic + self.topic_frequencies.draw(dice)]
    }
}

/// A text under way.
#[derive(Default)]
struct Text {
    words: Vec<u32>,
    /// Each different word once, ascending, and how often it is there.
    counted: Vec<(u32, u32)>,
}

impl Text {
    fn count(&mut self) {
        self.words.sort_unstable();
        self.counted.clear();
        let runs = self.words.chunk_by(|a, b| a == b);
        self.counted.extend(runs.map(|run| (run[0], run.len() as u32)));
    }

    /// Adds the row of this text: the sum of its squares, the counts, is the number of its words.
    fn weigh_into(&self, part: &mut Part) {
        let words = self.words.len() as f64;
        for &(word, count) in &self.counted {
            part.indices.push(word);
            part.values.push((f64::from(count) / words).sqrt() as f32);
        }
    }
}

/// Rows one after the other.
#[derive(Default)]
struct Part {
    lengths: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
    labels: Vec<u16>,
}

/// How often words are used: Zipf's law, the one of rank r in proportion to 1 / (r + 3), with whole numbers.
struct Frequencies {
    /// Of each word, together with all before it.
    sums: Vec<u64>,
}

impl Frequencies {
    fn new(words: usize) -> Self {
        let mut sum = 0;
        let sums = (0..words as u64).map(|rank| {
            sum += (1 << 40) / (rank + 3);
            sum
        });
        Self { sums: sums.collect() }
    }

    /// The rank of a word.
    fn draw(&self, dice: &mut Dice) -> usize {
        let place = dice.below(self.sums[self.sums.len() - 1]);
        self.sums.partition_point(|&sum| sum <= place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: TextLike =
        TextLike { rows: 2_000, columns: 4_000, non_zeros: 30, classes: 5, seed: 7 };

    #[test]
    fn sizes_are_those_asked_for() {
        let features = text_like(&SMALL);
        assert_eq!((features.len(), features.columns()), (2_000, 4_000));
        // Lengths of 1 / (u + 1/50) have a deviation of 1.5 means: of 2,000 rows the mean has an error of one.
        let mean = features.csr().non_zeros() as f64 / 2_000.0;
        assert!((25.0..33.0).contains(&mean), "{mean} words in a row");
        let lengths = features.csr().starts().windows(2).map(|pair| pair[1] - pair[0]);
        assert!(lengths.clone().min() < Some(10) && lengths.max() > Some(150));
        let mut counts = [0; 5];
        features.labels().iter().for_each(|&label| counts[usize::from(label)] += 1);
        assert!(counts.iter().all(|count| (300..500).contains(count)), "{counts:?}");
        for i in [0, 1, 1_999] {
            let (_, values) = features.csr().row(i);
            let square = values.iter().map(|x| f64::from(x * x)).sum::<f64>();
            assert!((square - 1.0).abs() < 1e-5, "row {i}: {square}");
        }
    }

    #[test]
    fn a_seed_is_the_same_rows_and_more_begin_with_fewer() {
        let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
        let rows = threads(1).install(|| text_like(&SMALL));
        assert_eq!(rows, threads(3).install(|| text_like(&SMALL)));
        let fewer = text_like(&TextLike { rows: 300, ..SMALL });
        assert_eq!(fewer.labels(), &rows.labels()[..300]);
        assert_eq!((0..300).find(|&i| fewer.csr().row(i) != rows.csr().row(i)), None);
        assert_ne!(rows, text_like(&TextLike { seed: 8, ..SMALL }));
        assert_ne!(rows, SMALL.test_set(2_000));
        // Every machine has to draw this.
        assert_eq!(fewer.labels()[..8], [2, 0, 1, 1, 0, 2, 1, 4]);
        assert_eq!(fewer.csr().row(0).0[..4], [137, 212, 250, 257]);
    }

    #[test]
    fn a_class_is_known_by_the_words_of_its_topic() {
        let (features, names) = (SMALL.test_set(2_000), SMALL.names());
        let mut right = 0;
        for i in 0..features.len() {
            let (words, values) = features.csr().row(i);
            let mut sums = [0.0; 5];
            for (&word, value) in words.iter().zip(values) {
                if let Some(topic) = names[word as usize].strip_prefix("topic") {
                    let (class, _) = topic.split_once('.').unwrap();
                    sums[class.parse::<usize>().unwrap()] += value;
                }
            }
            let best = (0..5).max_by(|&a, &b| sums[a].total_cmp(&sums[b])).unwrap();
            right += usize::from(best == usize::from(features.labels()[i]));
        }
        assert!((1_400..1_950).contains(&right), "{right} of 2,000");
        let mut sorted = names;
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), SMALL.columns);
    }

    #[test]
    fn small_languages_end_all_the_same() {
        let tiny = TextLike { rows: 50, columns: 16, non_zeros: 40, classes: 2, seed: 0 };
        let features = text_like(&tiny);
        assert!(features.len() == 50 && features.csr().non_zeros() <= 50 * 16);
        assert!(text_like(&TextLike { rows: 0, ..tiny }).is_empty());
    }
}

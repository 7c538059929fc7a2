//! What was measured: each figure in all its runs, printed as lowest, median and highest, and ratios of medians.
//!
//! Whole numbers only: a benchmark on a shared machine has no tenth of a percent to tell.

use std::fmt::Write as _;
use std::time::Duration;

/// Figures of one benchmark in the order in which they are printed.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
enum Line {
    Heading(String),
    Figure { name: String, unit: &'static str, values: Vec<u64> },
    Said(String),
}

impl Figures {
    /// Begins a group of figures.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Heading(text.into()));
    }

    /// A sentence among the figures.
    pub fn say(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Said(text.into()));
    }

    /// Adds one run of a figure.
    pub fn add(&mut self, name: &str, unit: &'static str, value: u64) {
        let same = |line: &&mut Line| matches!(line, Line::Figure { name: other, .. } if other == name);
        if let Some(Line::Figure { values, .. }) = self.lines.iter_mut().find(same) {
            values.push(value);
        } else {
            self.lines.push(Line::Figure { name: name.to_owned(), unit, values: vec![value] });
        }
    }

    /// The median of a figure.
    pub fn median(&self, name: &str) -> Option<u64> {
        self.lines.iter().find_map(|line| match line {
            Line::Figure { name: other, values, .. } if other == name => Some(summary(values)[1]),
            Line::Figure { .. } | Line::Heading(_) | Line::Said(_) => None,
        })
    }

    /// Says how one figure's median stands to another's.
    pub fn ratio(&mut self, one: &str, other: &str) {
        if let (Some(left), Some(right)) = (self.median(one), self.median(other))
            && right > 0
        {
            let hundredths = left * 100 / right;
            self.say(format!("{one} : {other} = {}.{:02}", hundredths / 100, hundredths % 100));
        }
    }

    /// The table, for the terminal and for Markdown's code blocks.
    pub fn table(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            // Writing to a String cannot fail.
            let _done = match line {
                Line::Heading(heading) => {
                    writeln!(text, "\n{heading:<58} {:>9} {:>9} {:>9}", "min", "median", "max")
                }
                Line::Said(said) => writeln!(text, "  {said}"),
                Line::Figure { name, unit, values } => {
                    let [least, median, most] = summary(values);
                    writeln!(text, "  {:<56} {least:>9} {median:>9} {most:>9}", format!("{name} ({unit})"))
                }
            };
        }
        text
    }
}

fn summary(values: &[u64]) -> [u64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let at = |place: usize| sorted.get(place).copied().unwrap_or(0);
    [at(0), at(sorted.len() / 2), at(sorted.len().saturating_sub(1))]
}

/// How long requests took, from many clients.
#[derive(Clone, Debug, Default)]
pub struct Times {
    microseconds: Vec<u64>,
}

impl Times {
    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        self.microseconds.push(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    /// Adds another client's.
    pub fn join(&mut self, other: Times) {
        self.microseconds.extend(other.microseconds);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.microseconds.len() as u64
    }

    /// How many a second, when all took `elapsed` together.
    pub fn per_second(&self, elapsed: Duration) -> u64 {
        let count = self.microseconds.len() as u64;
        let microseconds = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
        count.saturating_mul(1_000_000) / microseconds
    }

    /// 99 of a hundred took at most so many microseconds.
    pub fn slowest_hundredth_us(&self) -> u64 {
        let mut sorted = self.microseconds.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_told_by_its_lowest_median_and_highest_run() {
        let mut figures = Figures::default();
        for value in [30, 10, 20] {
            figures.add("orders", "a second", value);
            figures.add("bare orders", "a second", value * 2);
        }
        assert_eq!(figures.median("orders"), Some(20));
        figures.ratio("orders", "bare orders");
        let table = figures.table();
        assert!(table.contains("orders (a second)"), "{table}");
        assert!(table.contains("orders : bare orders = 0.50"), "{table}");
    }

    #[test]
    fn times_are_told_per_second_and_by_their_slowest_hundredth() {
        let mut times = Times::default();
        (1..=200).for_each(|milliseconds| times.add(Duration::from_millis(milliseconds)));
        assert_eq!(times.per_second(Duration::from_secs(2)), 100);
        assert_eq!(times.slowest_hundredth_us(), 199_000);
    }
}

//! Counting what passed and what failed, from what the test programs print. No test program is started here.

/// How many checks passed and how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Checks that held.
    pub passed: u64,
    /// Checks that did not.
    pub failed: u64,
    /// Checks that were left out on purpose.
    pub skipped: u64,
}

impl Counts {
    /// One check that held.
    pub const ONE_PASSED: Counts = Counts { passed: 1, failed: 0, skipped: 0 };
    /// One check that did not.
    pub const ONE_FAILED: Counts = Counts { passed: 0, failed: 1, skipped: 0 };

    /// Both together.
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// Counts the summary line of cargo-nextest: `Summary [ 1.2s] 12 tests run: 11 passed, 1 failed, 2 skipped`.
pub fn of_nextest(text: &str) -> Option<Counts> {
    let line = text.lines().rev().find(|line| line.contains("tests run:") || line.contains("test run:"))?;
    let (_, rest) = line.split_once(" run:")?;
    let failed = ["failed", "exec failed", "timed out"].iter().map(|word| before(rest, word)).sum();
    Some(Counts { passed: before(rest, "passed"), failed, skipped: before(rest, "skipped") })
}

/// Adds up the result lines of `cargo test`: `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
pub fn of_cargo_test(text: &str) -> Option<Counts> {
    let results = text.lines().filter_map(|line| line.split_once("test result: ").map(|(_, rest)| rest));
    let counted = results.map(|rest| Counts {
        passed: before(rest, "passed"),
        failed: before(rest, "failed"),
        skipped: before(rest, "ignored"),
    });
    counted.reduce(Counts::plus)
}

/// Reads the last line of the form `12 passed, 0 failed`, which our own scripts print.
pub fn of_script(text: &str) -> Option<Counts> {
    let line = text.lines().rev().find(|line| line.contains(" passed, ") && line.trim_end().ends_with(" failed"))?;
    Some(Counts { passed: before(line, "passed"), failed: before(line, "failed"), skipped: 0 })
}

/// The number that stands right before a word at the head of one of the parts between commas and semicolons.
fn before(line: &str, word: &str) -> u64 {
    line.split([',', ';', '.'])
        .filter_map(|part| part.trim().split_once(' '))
        .filter(|(_, rest)| rest.split('(').next().is_some_and(|said| said.trim() == word))
        .filter_map(|(number, _)| number.parse::<u64>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_nextest_is_counted() {
        let text =
            "     Summary [   3.018s] 14 tests run: 11 passed (2 slow), 2 failed, 1 timed out, 4 skipped\nerror: x";
        assert_eq!(of_nextest(text), Some(Counts { passed: 11, failed: 3, skipped: 4 }));
        assert_eq!(of_nextest("Summary [ 0.1s] 1 test run: 1 passed, 0 skipped").map(|counts| counts.passed), Some(1));
    }

    #[test]
    fn results_of_several_test_programs_add_up() {
        let text = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s";
        assert_eq!(of_cargo_test(text), Some(Counts { passed: 7, failed: 3, skipped: 1 }));
    }

    #[test]
    fn the_last_line_of_a_script_is_counted() {
        assert_eq!(
            of_script("1 passed, 9 failed\nmore\n48 passed, 0 failed\n"),
            Some(Counts { passed: 48, failed: 0, skipped: 0 })
        );
    }

    #[test]
    fn a_program_that_says_nothing_is_not_counted_as_passed() {
        assert_eq!(of_nextest("error: could not compile"), None);
        assert_eq!(of_cargo_test(""), None);
        assert_eq!(of_script("all good"), None);
    }
}

//! Runs what the documentation gives to sellers: each minimal seller of `docs/seller-protocol` is judged by `souk debug` in every
//! billing mode, and the tutorial is executed command by command. A language that is not installed is counted as skipped.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::counts::Counts;
use crate::process;

/// Name of the folder, program, and file.
const SELLERS: [(&str, &str, &str); 3] =
    [("python", "python3", "seller.py"), ("node", "node", "seller.mjs"), ("java", "java", "Seller.java")];

const BILLING: [&str; 3] = ["period", "one-time", "pay-per-use"];

/// The tutorial that is executed.
const TUTORIAL: &str = "docs/tutorial/first-green-run.md";

/// Runs all of it.
pub fn run() -> Result<Counts> {
    let folder = scratch()?;
    let mut counts = Counts::default();
    for (name, program, file) in SELLERS {
        counts = counts.plus(if process::find(program).is_some() {
            judged(name, program, file, &folder)?
        } else {
            println!("{name}: {program} is not installed, skipped");
            Counts { skipped: u64::try_from(BILLING.len()).unwrap_or_default(), ..Counts::default() }
        });
    }
    counts = counts.plus(if process::find("python3").is_some() && process::find("bash").is_some() {
        tutorial(&folder)?
    } else {
        println!("{TUTORIAL}: python3 or bash is not installed, skipped");
        Counts { skipped: 1, ..Counts::default() }
    });
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    Ok(counts)
}

fn scratch() -> Result<PathBuf> {
    let folder = process::target().join(format!("sellers-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

fn souk() -> PathBuf {
    process::target().join("debug/souk")
}

/// A program that ends with this value.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn judged(name: &str, program: &str, file: &str, folder: &Path) -> Result<Counts> {
    let key = folder.join("key.txt");
    fs::write(&key, "a-key-for-the-examples-0001\n")?;
    let port = free_port()?;
    let script = process::root().join("docs/seller-protocol").join(name).join(file);
    let log = fs::File::create(folder.join(format!("{name}.log")))?;
    let mut command = Command::new(program);
    command.arg(script).arg(port.to_string()).arg(&key).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let _seller = Started(command.spawn().with_context(|| format!("cannot start {program}"))?);
    wait_for(port).with_context(|| format!("the seller in {name} does not listen"))?;
    let mut counts = Counts::default();
    for billing in BILLING {
        let mut debug = Command::new(souk());
        debug.arg("debug").arg(format!("http://127.0.0.1:{port}/produce"));
        debug.arg("--key-file").arg(&key).args(["--allow-loopback", "--billing", billing]);
        match process::run_quietly(&mut debug) {
            Ok(_) => {
                println!("{name}, {billing}: passed");
                counts = counts.plus(Counts::ONE_PASSED);
            }
            Err(error) => {
                eprintln!("{name}, {billing}: {error:#}");
                counts = counts.plus(Counts::ONE_FAILED);
            }
        }
    }
    Ok(counts)
}

fn wait_for(port: u16) -> Result<()> {
    for _ in 0..300 {
        #[expect(clippy::disallowed_methods, reason = "asks a program of ours on loopback whether it is up")]
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(());
        }
        #[expect(clippy::disallowed_methods, reason = "another program starts; there is no event to wait for")]
        thread::sleep(Duration::from_millis(100));
    }
    bail!("nobody listened for 30 s")
}

/// One block of commands and the lines that must be among what it prints.
#[derive(Debug, Default, PartialEq)]
struct Step {
    commands: String,
    printed: Vec<String>,
}

/// The blocks of a page: `sh` is run, a `text` after it says what is printed.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside: Option<&str> = None;
    for line in page.lines() {
        match (inside, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                if kind == "sh" {
                    steps.push(Step::default());
                }
                inside = Some(kind);
            }
            (Some(_), Some(_)) => inside = None,
            (Some("sh"), None) => {
                if let Some(step) = steps.last_mut() {
                    step.commands.push_str(line);
                    step.commands.push('\n');
                }
            }
            (Some("text"), None) => {
                if let Some(step) = steps.last_mut() {
                    step.printed.push(line.trim().to_owned());
                }
            }
            (Some(_) | None, None) => {}
        }
    }
    steps
}

/// Runs the tutorial in one shell, on a free port in the place of its own.
fn tutorial(folder: &Path) -> Result<Counts> {
    let page = fs::read_to_string(process::root().join(TUTORIAL)).with_context(|| format!("{TUTORIAL} is missing"))?;
    let port = free_port()?.to_string();
    // A reader waits a second for a program to start; a busy build server may need longer.
    let until = format!("until (echo > /dev/tcp/127.0.0.1/{port}) 2> /dev/null; do sleep 0.1; done");
    let page = page.replace("9000", &port).replace("sleep 1", &until);
    let steps = steps(&page);
    let mark = |number: usize| format!("=== step {number} of the tutorial ===");
    let mut script = String::from("set -uo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null' EXIT\n");
    for (number, step) in steps.iter().enumerate() {
        script.push_str(&format!("echo '{}'\n{}", mark(number), step.commands));
    }
    script.push_str(&format!("echo '{}'\n", mark(steps.len())));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ours = souk().parent().map(Path::to_owned).unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(ours).chain(std::env::split_paths(&path)))?;
    let mut bash = Command::new("bash");
    bash.arg("-c").arg(script).current_dir(folder).env("PATH", path).env("SOUK", process::root());
    bash.env("SOUK_REPORT_KEY", folder.join("report.key"));
    let text = process::run_quietly(&mut bash)?;
    let mut counts = Counts::default();
    for (number, step) in steps.iter().enumerate() {
        let after = text.split_once(&mark(number)).map_or("", |(_, after)| after);
        let said = after.split_once(&mark(number + 1)).map_or(after, |(said, _)| said);
        let missing: Vec<_> = step.printed.iter().filter(|line| !said.contains(line.as_str())).collect();
        if missing.is_empty() {
            counts = counts.plus(Counts::ONE_PASSED);
        } else {
            eprintln!("{TUTORIAL}, step {number}: not printed: {missing:#?}\nbut:\n{said}");
            counts = counts.plus(Counts::ONE_FAILED);
        }
    }
    println!("{TUTORIAL}: {} steps", steps.len());
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_into_commands_and_what_they_print() {
        let page = "# A\n```sh\necho a\n```\nsaid\n```text\n  a\n```\n```json\n{}\n```\n```sh\nb\nc\n```\n";
        let expected = [
            Step { commands: "echo a\n".into(), printed: vec!["a".into()] },
            Step { commands: "b\nc\n".into(), printed: Vec::new() },
        ];
        assert_eq!(steps(page), expected);
    }
}

//! The facts without which no figure means anything: processor, memory, load, build.

use std::fs;

/// One line per fact.
pub fn facts() -> Vec<String> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let model = first_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = first_of("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("unknown").to_owned();
    let build = if cfg!(debug_assertions) { "WITHOUT optimisation: the figures mean nothing" } else { "optimised" };
    vec![
        format!("{processors} processors, {model}; memory {memory}; load at the start {load}"),
        format!("souk {}, built {build}; clients and marketplace share the machine", env!("CARGO_PKG_VERSION")),
    ]
}

fn first_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Resident memory of a process, in KiB.
pub fn resident_kib(process: u32) -> Option<u64> {
    let value = first_of(&format!("/proc/{process}/status"), "VmRSS")?;
    value.split_whitespace().next()?.parse().ok()
}

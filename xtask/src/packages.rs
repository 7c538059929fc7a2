//! The Debian packages that the tests need and a bare machine lacks: installed as root, otherwise named clearly.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{postgres, process};

/// A Debian package and how to see that it is there.
struct Package {
    name: &'static str,
    why: &'static str,
    is_there: fn() -> bool,
}

const FOR_TESTS: &[Package] = &[
    Package {
        name: "postgresql",
        why: "every store test runs on PostgreSQL too",
        is_there: || postgres::programs().is_some(),
    },
    Package { name: "chromium", why: "the browser test walks the pages", is_there: || chromium_is_there() },
    Package {
        name: "fonts-noto-cjk",
        why: "pages in Chinese are photographed",
        is_there: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
    },
    Package {
        name: "fonts-noto-core",
        why: "pages in English are photographed",
        is_there: || Path::new("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf").exists(),
    },
    Package { name: "curl", why: "the how-to scripts call the API", is_there: || process::find("curl").is_some() },
    Package {
        name: "openssl",
        why: "the how-to scripts sign as a seller's server does",
        is_there: || process::find("openssl").is_some(),
    },
    Package {
        name: "python3",
        why: "the how-to scripts read JSON with it, and the browser test leaves a parked job",
        is_there: || process::find("python3").is_some(),
    },
    Package {
        name: "iproute2",
        why: "the calls that must reach nothing are made in a network of their own",
        // Who cannot install it has the stage left out, which says so.
        is_there: || process::find("ip").is_some() || !process::is_superuser(),
    },
    Package {
        name: "util-linux",
        why: "the same network is made with it",
        is_there: || process::find("unshare").is_some() || !process::is_superuser(),
    },
];

fn chromium_is_there() -> bool {
    process::find("chromium").is_some()
}

/// Installs what is missing for the tests, or says what to install.
pub fn install_for_tests() -> Result<()> {
    let missing: Vec<&Package> = FOR_TESTS.iter().filter(|package| !(package.is_there)()).collect();
    if missing.is_empty() {
        println!("packages: nothing is missing");
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    if !process::is_superuser() || process::find("apt-get").is_none() {
        let reasons: Vec<String> = missing.iter().map(|p| format!("  {:16} {}", p.name, p.why)).collect();
        bail!(
            "these packages are missing and only root can install them:\n{}\nAsk for: apt-get install -y --no-install-recommends {}",
            reasons.join("\n"),
            names.join(" ")
        );
    }
    println!("packages: installing {}", names.join(", "));
    process::run_quietly(apt().arg("update"))?;
    process::run_quietly(apt().args(["install", "-y", "--no-install-recommends"]).args(&names))?;
    let absent: Vec<&str> = missing.iter().filter(|package| !(package.is_there)()).map(|p| p.name).collect();
    if !absent.is_empty() {
        bail!("installed, and still not found: {}", absent.join(", "));
    }
    Ok(())
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}

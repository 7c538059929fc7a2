//! Embeds what `cargo xtask assets` wrote. Where it is missing, a debug build still compiles and its pages say which
//! command to run; a release build fails.
//!
//! Generated tables instead of a derive macro: one code path in debug and release, compressed twins included.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let folder = package.join("../../target/assets");
    let manifest = folder.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let code = match fs::read(&manifest) {
        Ok(text) => table(&folder, &text),
        Err(_) if env::var_os("PROFILE").is_some_and(|profile| profile == "release") => {
            println!("cargo::error=target/assets is missing: run “cargo xtask assets” first");
            return ExitCode::FAILURE;
        }
        Err(_) => String::from("pub(super) const FILES: &[Asset] = &[];\n"),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("files.rs"), code).expect("OUT_DIR is writable");
    ExitCode::SUCCESS
}

/// One `Asset` per entry of the manifest.
fn table(folder: &Path, manifest: &[u8]) -> String {
    let entries: Vec<serde_json::Value> = serde_json::from_slice(manifest).expect("xtask writes well-formed JSON");
    let mut code = String::from("pub(super) const FILES: &[Asset] = &[\n");
    for entry in &entries {
        let text = |name: &str| entry.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let path = folder.join(text("file")).display().to_string();
        let _ = writeln!(
            code,
            "    Asset {{ name: {:?}, file: {:?}, url: {:?}, integrity: {:?}, plain: include_bytes!({path:?}), gzip: \
             include_bytes!({:?}), brotli: include_bytes!({:?}) }},",
            text("name"),
            text("file"),
            format!("/assets/{}", text("file")),
            text("sha384"),
            format!("{path}.gz"),
            format!("{path}.br"),
        );
    }
    code.push_str("];\n");
    code
}

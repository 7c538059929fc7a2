//! Fetches the front-end packages and writes the hashed files that the binary embeds.
//!
//! In: `crates/web/package-lock.json` (exact versions, checked by their SHA-512), a named list of files out of those
//! packages, and our own `crates/web/assets/`. Out: `target/assets/` with one style sheet, one script, one sprite and the
//! marks, each named by its content, beside `manifest.json` and `THIRD_PARTY_NOTICES`. The same input gives the same
//! bytes. Nothing of npm is committed and nothing of it runs in production.
//!
//! Not here: embedding (`crates/web/build.rs`) and serving (`web::assets`).

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256, Sha384};

use crate::process;

/// The style sheets in the order in which the browser must read them, relative to `crates/web`.
const STYLES: [&str; 3] = ["node_modules/bootstrap/dist/css/bootstrap.min.css", "assets/tokens.css", "assets/souk.css"];

/// The scripts, likewise.
const SCRIPTS: [&str; 2] = ["node_modules/htmx.org/dist/htmx.min.js", "assets/souk.js"];

/// Our own drawings, taken over as they are.
const MARKS: [&str; 3] = ["favicon.svg", "mark.svg", "logo.svg"];

/// The packages whose work is inside what we ship, with the file that holds their licence.
const NOTICES: [(&str, &str); 3] = [("bootstrap", "LICENSE"), ("htmx.org", "LICENSE"), ("lucide-static", "LICENSE")];

/// One line of the manifest.
#[derive(Serialize)]
struct Entry {
    /// The name that templates use: `souk.css`.
    name: String,
    /// The file in this folder, named by its content.
    file: String,
    /// For `integrity` attributes: `sha384-…`.
    sha384: String,
    /// Bytes, uncompressed.
    size: usize,
    /// SPDX expression over everything inside.
    licence: &'static str,
}

/// Makes `target/assets` from the locked npm packages.
pub fn run() -> Result<()> {
    let web = process::root().join("crates/web");
    install(&web)?;
    let out = process::root().join("target/assets");
    let fresh = process::root().join("target/assets.new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    let mut entries = vec![
        write(&fresh, "souk.css", &minify(&web, &STYLES, "css")?, "MIT AND Apache-2.0")?,
        write(&fresh, "souk.js", &minify(&web, &SCRIPTS, "js")?, "0BSD AND Apache-2.0")?,
        write(&fresh, "icons.svg", sprite(&web)?.as_bytes(), "ISC")?,
    ];
    for mark in MARKS {
        entries.push(write(&fresh, mark, &read(&web.join("assets").join(mark))?, "Apache-2.0")?);
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let manifest = format!("{}\n", serde_json::to_string_pretty(&entries)?);
    fs::write(fresh.join("THIRD_PARTY_NOTICES"), notices(&web)?)?;
    fs::write(fresh.join("manifest.json"), &manifest)?;
    if fs::read_to_string(out.join("manifest.json")).is_ok_and(|known| known == manifest) {
        fs::remove_dir_all(&fresh)?; // Unchanged: leave the old files, so that cargo does not build web again.
        return Ok(());
    }
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::rename(&fresh, &out)?;
    for entry in &entries {
        println!("{:>8} {}", entry.size, entry.file);
    }
    Ok(())
}

/// Fetches what the lock file names, unless it was fetched already. Scripts of packages are never run.
fn install(web: &Path) -> Result<()> {
    let lock = hex::encode(Sha256::digest(read(&web.join("package-lock.json"))?));
    let stamp = web.join("node_modules/.souk-lock");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    if process::find("npm").is_none() {
        bail!("npm is missing: install Node.js 20 or later (Debian: apt-get install nodejs npm) and try again");
    }
    process::run_quietly(Command::new("npm").current_dir(web).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))
    .context("npm could not fetch the packages of crates/web/package-lock.json")?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Joins files of one kind and takes the blanks out. Licence banners (`/*! … */`) stay.
fn minify(web: &Path, files: &[&str], kind: &str) -> Result<Vec<u8>> {
    let mut joined = Vec::new();
    for file in files {
        let text = String::from_utf8(read(&web.join(file))?)?;
        // Only the first `@charset` of a sheet counts, and the response says UTF-8 anyway.
        joined.extend_from_slice(text.trim_start_matches("@charset \"UTF-8\";").as_bytes());
        joined.push(b'\n');
    }
    let folder = process::root().join("target/assets.work");
    fs::create_dir_all(&folder)?;
    let (input, output) = (folder.join(format!("in.{kind}")), folder.join(format!("out.{kind}")));
    fs::write(&input, joined)?;
    process::run_quietly(
        Command::new("node")
            .current_dir(web)
            .arg("node_modules/esbuild/bin/esbuild")
            .arg(&input)
            .args(["--minify", "--legal-comments=inline", "--charset=utf8", "--log-level=warning"])
            .args(["--target=es2022,chrome115,firefox121,safari17"])
            .arg(format!("--outfile={}", output.display())),
    )?;
    read(&output)
}

/// Draws the icons that `assets/icons.txt` names into one file of symbols: `<use href="…#i-check"/>`.
fn sprite(web: &Path) -> Result<String> {
    let names = String::from_utf8(read(&web.join("assets/icons.txt"))?)?;
    let mut drawn = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">\n<!-- lucide, ISC licence -->\n");
    for name in names.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let path = web.join(format!("node_modules/lucide-static/icons/{name}.svg"));
        let text = fs::read_to_string(&path).with_context(|| format!("lucide has no icon “{name}”"))?;
        let inner = inner(&text).with_context(|| format!("{} is not one svg element", path.display()))?;
        writeln!(drawn, "<symbol id=\"i-{name}\" viewBox=\"0 0 24 24\">{inner}</symbol>")?;
    }
    drawn.push_str("</svg>\n");
    Ok(drawn)
}

/// What stands between `<svg …>` and `</svg>`, on one line.
fn inner(svg: &str) -> Option<String> {
    let body = svg.get(svg.find("<svg")?..)?;
    let body = body.get(body.find('>')? + 1..body.rfind("</svg>")?)?;
    Some(body.lines().map(str::trim).collect())
}

/// Writes one file under its content's name, with its compressed twins, and describes it.
fn write(folder: &Path, name: &str, content: &[u8], licence: &'static str) -> Result<Entry> {
    let (stem, extension) = name.rsplit_once('.').context("a logical name has an extension")?;
    let digest = hex::encode(Sha256::digest(content));
    let file = format!("{stem}-{}.{extension}", digest.get(..12).unwrap_or(&digest));
    fs::write(folder.join(&file), content)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content)?;
    fs::write(folder.join(format!("{file}.gz")), gzip.finish()?)?;
    let mut small = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut small, &settings)?;
    fs::write(folder.join(format!("{file}.br")), small)?;
    let sha384 = format!("sha384-{}", base64::engine::general_purpose::STANDARD.encode(Sha384::digest(content)));
    Ok(Entry { name: name.to_owned(), file, sha384, size: content.len(), licence })
}

/// The licences of everything of others that is inside the files.
fn notices(web: &Path) -> Result<String> {
    let mut text = String::from("Souk serves style sheets, scripts and drawings that contain the following works.\n");
    for (package, file) in NOTICES {
        let folder = web.join("node_modules").join(package);
        let about: serde_json::Value = serde_json::from_slice(&read(&folder.join("package.json"))?)?;
        let version = about.get("version").and_then(serde_json::Value::as_str).context("a package has a version")?;
        let licence = String::from_utf8(read(&folder.join(file))?)?;
        write!(text, "\n\n==== {package} {version} ====\n\n{}\n", licence.trim())?;
    }
    Ok(text)
}

fn read(path: &PathBuf) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::inner;

    #[test]
    fn the_drawing_is_taken_out_of_its_svg_element() {
        let icon = "<!-- a > b -->\n<svg\n  width=\"24\"\n>\n  <path d=\"M1 2\" />\n  <circle r=\"2\" />\n</svg>\n";
        assert_eq!(inner(icon).as_deref(), Some("<path d=\"M1 2\" /><circle r=\"2\" />"));
        assert_eq!(inner("<p>no drawing</p>"), None);
    }
}

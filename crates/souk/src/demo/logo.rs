//! Product logos of the demo as PNG files, as a seller would upload them. The tests hold pictures drawn by the recipe's
//! first author.
//!
//! Not here: the recipe (`web::storefront::drawn_logo`); logos that people upload, which are decoded and encoded anew by
//! the catalogue.

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use web::storefront::drawn_logo;

/// Width and height of a logo in pixels (functions.md 3.2).
const SIDE: u32 = 120;

/// The logo of a slug as a PNG of 120 x 120 (functions.md 3.2, "Logo").
pub fn png(slug: &str) -> Result<Vec<u8>> {
    let tree = Tree::from_str(&drawn_logo(slug), &Options::default()).context("the drawn logo is not an SVG")?;
    let mut picture = Pixmap::new(SIDE, SIDE).context("no room for a picture")?;
    resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
    picture.encode_png().context("the drawn logo cannot be written as PNG")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drawn by the first author of the recipe: one of each form but the gate, of which none was drawn.
    const DRAWN: [(&str, &str); 9] = [
        ("abacus", include_str!("../../demo/logos/abacus.svg")),
        ("coldstore", include_str!("../../demo/logos/coldstore.svg")),
        ("granary-backup", include_str!("../../demo/logos/granary-backup.svg")),
        ("harbour-sso", include_str!("../../demo/logos/harbour-sso.svg")),
        ("lantern", include_str!("../../demo/logos/lantern.svg")),
        ("pg-hardened", include_str!("../../demo/logos/pg-hardened.svg")),
        ("quillforms", include_str!("../../demo/logos/quillforms.svg")),
        ("restore-drill", include_str!("../../demo/logos/restore-drill.svg")),
        ("saltbox", include_str!("../../demo/logos/saltbox.svg")),
    ];

    #[test]
    fn the_recipe_gives_the_pictures_that_its_author_drew() {
        for (slug, drawn) in DRAWN {
            assert_eq!(drawn_logo(slug), drawn.trim(), "{slug}");
        }
    }

    #[test]
    fn a_logo_becomes_a_png_of_120_by_120() {
        for slug in ["granary-backup", "figure-room", "payday", "heron-gateway"] {
            let png = png(slug).expect("a drawn logo can be written");
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n", "{slug}");
            assert_eq!(&png[16..24], [0, 0, 0, 120, 0, 0, 0, 120], "{slug}");
            assert!(png.len() > 400, "{slug}: {} bytes cannot hold a drawing", png.len());
        }
    }
}

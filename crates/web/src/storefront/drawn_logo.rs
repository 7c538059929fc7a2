//! Logos for products that brought none, drawn by the program: the same seed gives the same picture for ever. The recipe is
//! look.md, "Product logos by program"; the tests of the demo hold pictures drawn by its first author.
//!
//! Not here: logos that people upload, which are decoded and encoded anew by the catalogue.

use std::fmt::Write as _;

/// Ground, shapes, accent.
type Palette = [&'static str; 3];

const PALETTES: [Palette; 10] = [
    ["0b5a58", "f6e7c8", "eba61c"],
    ["f6e7c8", "8a3b1e", "eba61c"],
    ["1f3a5f", "f2ece2", "e58a6c"],
    ["d9694a", "fff3e6", "3a1508"],
    ["dbe7cf", "2c6329", "b87200"],
    ["3a2a4d", "e9dff2", "eba61c"],
    ["f3d9d0", "7a2447", "1f3a5f"],
    ["26231f", "eba61c", "f2ece2"],
    ["cfe3e6", "124b5e", "d9694a"],
    ["fadf9c", "3d2900", "0b5a58"],
];

/// The eight directions of the orbit's dot, 27 from the centre.
const ORBIT: [(&str, &str); 8] = [
    ("87", "60"),
    ("79.09", "79.09"),
    ("60", "87"),
    ("40.91", "79.09"),
    ("33", "60"),
    ("40.91", "40.91"),
    ("60", "33"),
    ("79.09", "40.91"),
];

/// Xorshift over 32 bits, seeded by a text. A recipe for pictures, not a source of secrets.
struct Dice(u32);

impl Dice {
    /// FNV-1a of the text's bytes.
    fn of(seed: &str) -> Dice {
        Dice(seed.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    }

    /// A number from 0 to `sides` - 1.
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) % sides
    }
}

/// The logo of a seed (an id or a slug) as an SVG of 120 x 120.
pub fn drawn_logo(seed: &str) -> String {
    let mut dice = Dice::of(seed);
    dice.roll(2);
    let [ground, shape, accent] = PALETTES[dice.roll(10) as usize];
    let form = dice.roll(8);
    let turn = 90 * dice.roll(4);
    let colours = Colours { ground, shape, accent };
    let drawing = match form {
        0 => sheaf(&mut dice, &colours),
        1 => gate(&mut dice, &colours),
        2 => tally(&mut dice, &colours),
        3 => orbit(&mut dice, &colours),
        4 => petal(&mut dice, &colours),
        5 => turned(turn, &steps(&mut dice, &colours)),
        6 => wave(&mut dice, &colours),
        _ => turned(turn, &split(&mut dice, &colours)),
    };
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="120" viewBox="0 0 120 120"><rect width="120" height="120" rx="26" fill="#{ground}"/>{drawing}</svg>"##
    )
}

struct Colours {
    ground: &'static str,
    shape: &'static str,
    accent: &'static str,
}

impl Colours {
    /// The accent for the one that is marked, the shape's colour for the others.
    fn mark<T: PartialEq>(&self, marked: T, this: T) -> &'static str {
        if marked == this { self.accent } else { self.shape }
    }
}

fn turned(degrees: u32, drawing: &str) -> String {
    if degrees == 0 {
        return drawing.to_owned();
    }
    format!(r#"<g transform="rotate({degrees} 60 60)">{drawing}</g>"#)
}

/// Four quarter discs, each with its corner somewhere.
fn sheaf(dice: &mut Dice, colours: &Colours) -> String {
    let mut drawing = String::new();
    for (index, (left, top)) in (0_u32..).zip([(26, 26), (60, 26), (26, 60), (60, 60)]) {
        let (right, bottom) = (left + 34, top + 34);
        let [corner, from, to] = match dice.roll(4) {
            0 => [(left, top), (right, top), (left, bottom)],
            1 => [(right, top), (right, bottom), (left, top)],
            2 => [(right, bottom), (left, bottom), (right, top)],
            _ => [(left, bottom), (left, top), (right, bottom)],
        };
        let fill = colours.mark(dice.roll(4), index);
        push(
            &mut drawing,
            format_args!(
                r##"<path fill="#{fill}" d="M{} {}L{} {}A34 34 0 0 1 {} {}z"/>"##,
                corner.0, corner.1, from.0, from.1, to.0, to.1
            ),
        );
    }
    drawing
}

/// Nested round arches.
fn gate(dice: &mut Dice, colours: &Colours) -> String {
    let arches = 2 + dice.roll(2);
    let fills: &[&str] =
        if arches == 2 { &[colours.shape, colours.accent] } else { &[colours.shape, colours.ground, colours.accent] };
    let mut drawing = String::new();
    for (index, fill) in (0_u32..).zip(fills) {
        let half = 36 - index * 36 / arches;
        let (left, width) = (60 - half, 2 * half);
        push(
            &mut drawing,
            format_args!(r##"<path fill="#{fill}" d="M{left} 96V60a{half} {half} 0 0 1 {width} 0V96z"/>"##),
        );
    }
    drawing
}

/// Bars of different heights on one foot.
fn tally(dice: &mut Dice, colours: &Colours) -> String {
    let bars = 3 + dice.roll(2);
    let accent = dice.roll(bars);
    let mut drawing = String::new();
    for index in 0..bars {
        let height = 26 + 11 * dice.roll(5);
        let left = hundredths(2600 + (6800 * index + bars / 2) / bars);
        let width = (6800 + bars / 2) / bars - 600;
        let fill = colours.mark(accent, index);
        push(
            &mut drawing,
            format_args!(
                r##"<rect x="{left}" y="{}" width="{}" height="{height}" rx="{}" fill="#{fill}"/>"##,
                94 - height,
                hundredths(width),
                hundredths(width / 2),
            ),
        );
    }
    drawing
}

/// A ring with a dot in a gap.
fn orbit(dice: &mut Dice, colours: &Colours) -> String {
    let Colours { ground, shape, accent } = colours;
    let (x, y) = ORBIT[dice.roll(8) as usize];
    format!(
        r##"<circle cx="60" cy="60" r="27" fill="none" stroke="#{shape}" stroke-width="13"/><circle cx="{x}" cy="{y}" r="17" fill="#{ground}"/><circle cx="{x}" cy="{y}" r="12" fill="#{accent}"/>"##
    )
}

/// Four leaves around the centre.
fn petal(dice: &mut Dice, colours: &Colours) -> String {
    let accent = dice.roll(4);
    let turn = 45 * dice.roll(2);
    let mut drawing = String::new();
    for index in 0..4 {
        let fill = colours.mark(accent, index);
        push(
            &mut drawing,
            format_args!(
                r##"<path fill="#{fill}" transform="rotate({} 60 60)" d="M60 57C42 44 44 28 60 20c16 8 18 24 0 37z"/>"##,
                90 * index
            ),
        );
    }
    turned(turn, &drawing)
}

/// Three steps.
fn steps(dice: &mut Dice, colours: &Colours) -> String {
    let accent = dice.roll(3);
    let mut drawing = String::new();
    for (index, (left, height)) in (0_u32..).zip([(26, 24), (50, 48), (74, 72)]) {
        let fill = colours.mark(accent, index);
        push(
            &mut drawing,
            format_args!(
                r##"<rect x="{left}" y="{}" width="20" height="{height}" fill="#{fill}" rx="3"/>"##,
                94 - height
            ),
        );
    }
    drawing
}

/// Three waves.
fn wave(dice: &mut Dice, colours: &Colours) -> String {
    let accent = dice.roll(3);
    let turn = 90 * dice.roll(2);
    let mut drawing = String::new();
    for (index, top) in (0_u32..).zip([40, 62, 84]) {
        let stroke = colours.mark(accent, index);
        push(
            &mut drawing,
            format_args!(
                r##"<path fill="none" stroke="#{stroke}" stroke-width="11" stroke-linecap="round" d="M26 {top}c11.5-14 22.5-14 34 0s22.5 14 34 0"/>"##
            ),
        );
    }
    turned(turn, &drawing)
}

/// Two half discs, shifted against each other.
fn split(dice: &mut Dice, colours: &Colours) -> String {
    let Colours { shape, accent, .. } = colours;
    // The shift is 4 n(3) - 2 to either side of 30; written so that it stays unsigned.
    let shift = 4 * dice.roll(3);
    let (upper, lower) = (32 - shift, 28 + shift);
    format!(
        r##"<path fill="#{shape}" d="M{upper} 57a30 30 0 0 1 60 0z"/><path fill="#{accent}" d="M{lower} 63a30 30 0 0 0 60 0z"/>"##
    )
}

/// 4867 as `48.67`, 1100 as `11`, 550 as `5.5`.
fn hundredths(value: u32) -> String {
    let (whole, rest) = (value / 100, value % 100);
    match rest {
        0 => whole.to_string(),
        _ if rest.is_multiple_of(10) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

fn push(drawing: &mut String, part: std::fmt::Arguments<'_>) {
    drawing.write_fmt(part).expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_spare_zeros() {
        assert_eq!([4867, 1100, 550, 1905].map(hundredths), ["48.67", "11", "5.5", "19.05"]);
    }

    #[test]
    fn the_same_seed_gives_the_same_picture_and_another_seed_another() {
        assert_eq!(drawn_logo("prd_1"), drawn_logo("prd_1"));
        assert_ne!(drawn_logo("prd_1"), drawn_logo("prd_2"));
    }
}

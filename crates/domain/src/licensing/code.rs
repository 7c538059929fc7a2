//! The code that a buyer types into the seller's software.

use std::fmt;
use std::str::FromStr;

/// 32 signs that nobody confuses when reading aloud.
const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// `SOUK-` and five groups of six signs: 150 random bits. `Debug` does not print it: who has the code has the licence.
#[derive(Clone, PartialEq, Eq)]
pub struct LicenceCode(String);

impl LicenceCode {
    /// How many random bytes a code is made of.
    pub const RANDOM: usize = 30;

    /// A new one.
    pub fn make(random: [u8; LicenceCode::RANDOM]) -> LicenceCode {
        let mut code = String::from("SOUK");
        for (place, byte) in random.iter().enumerate() {
            if place % 6 == 0 {
                code.push('-');
            }
            // 5 bits of each byte, evenly spread.
            code.push(SIGNS.get(usize::from(byte & 31)).copied().map_or('A', char::from));
        }
        LicenceCode(code)
    }

    /// The signs, for the buyer's page, for sealing and for looking it up.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for LicenceCode {
    type Err = ();
    fn from_str(text: &str) -> Result<LicenceCode, ()> {
        let groups: Vec<&str> = text.strip_prefix("SOUK-").ok_or(())?.split('-').collect();
        let good = |group: &&str| group.len() == 6 && group.bytes().all(|byte| SIGNS.contains(&byte));
        if groups.len() == 5 && groups.iter().all(good) { Ok(LicenceCode(text.to_owned())) } else { Err(()) }
    }
}

impl fmt::Debug for LicenceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LicenceCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_and_is_not_printed_by_accident() {
        let code = LicenceCode::make(std::array::from_fn(|place| u8::try_from(place * 7).unwrap_or(0)));
        assert_eq!(code.reveal().len(), 39);
        assert_eq!(code.reveal().parse(), Ok(code.clone()));
        assert_eq!(format!("{code:?}"), "LicenceCode(…)");
        for bad in ["", "SOUK", "SOUK-AAAAAA", "SOUK-AAAAAA-AAAAAA-AAAAAA-AAAAAA-AAAAA1", "AAAAAA-AAAAAA-AAAAAA"] {
            assert_eq!(bad.parse::<LicenceCode>(), Err(()), "{bad}");
        }
    }
}

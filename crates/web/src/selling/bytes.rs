//! Exact bytes for eyes: lines with their ends shown, and a hex dump.

/// A message as it stands on the wire: each line of the head, and the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// The lines of the head, without their CR LF.
    pub head: Vec<String>,
    /// The body.
    pub body: String,
}

impl Wire {
    /// Splits a request as it was written.
    pub(super) fn of_text(text: &str) -> Wire {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        Wire { head: head.split("\r\n").map(str::to_owned).collect(), body: body.to_owned() }
    }
}

/// The first 64 bytes, sixteen a line, with what they are in ASCII.
pub(super) fn hex_dump(bytes: &[u8]) -> String {
    let shown = bytes.get(..64).unwrap_or(bytes);
    let line = |(index, piece): (usize, &[u8])| {
        let digits: Vec<String> = piece.iter().map(|byte| format!("{byte:02x}")).collect();
        let plain: String = piece
            .iter()
            .map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' })
            .collect();
        format!("{:04x}  {:<47}  {plain}", index * 16, digits.join(" "))
    };
    shown.chunks(16).enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_shows_offset_digits_and_what_can_be_read() {
        let dump = hex_dump("{\"activity\":\"新".as_bytes());
        assert_eq!(dump, "0000  7b 22 61 63 74 69 76 69 74 79 22 3a 22 e6 96 b0  {\"activity\":\"...");
        assert_eq!(hex_dump(&[b'x'; 200]).lines().count(), 4);
        assert_eq!(hex_dump(b""), "");
    }

    #[test]
    fn head_and_body_are_told_apart() {
        let wire = Wire::of_text("POST / HTTP/1.1\r\nHost: a\r\n\r\n{}\r\n\r\n");
        assert_eq!(wire.head, ["POST / HTTP/1.1", "Host: a"]);
        assert_eq!(wire.body, "{}\r\n\r\n");
    }
}

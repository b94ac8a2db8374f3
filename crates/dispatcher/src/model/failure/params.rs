//! What a failure's sentence needs to know, as programs are told it and as it is kept.

use bluehook_core::time::{self, Millis};
use serde::{Deserialize, Serialize};

/// The most names of a certificate that are told.
const MAX_NAMES: usize = 3;
/// What is found where TLS is spoken.
pub(super) const TLS: &str = "TLS";
/// The longest text of a receiver's that is told.
const MAX_TEXT: usize = 64;

/// What a failure's sentence needs; absent what is not known, or does not matter to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Params {
    /// The host that was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The port that was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Where the time ended: `DNS`, `CONNECT`, `TLS`, `FIRST_BYTE`, `BODY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// How long was waited, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Until when the certificate is valid, as in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// From when the certificate is valid, as in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Names that the certificate is for: the first three.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Who issued the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What was found in place of what was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The most bytes that are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// The sentence of an attempt from before reasons were kept.
    #[serde(skip)]
    pub told: Option<String>,
}

impl Params {
    /// Notes when a certificate ends.
    pub fn expires(&mut self, at: Millis) {
        self.expires_at = Some(time::format(at));
    }

    /// Notes from when a certificate is valid.
    pub fn begins(&mut self, at: Millis) {
        self.valid_from = Some(time::format(at));
    }

    /// Notes the first of a certificate's names.
    pub fn named<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        self.names = names.into_iter().take(MAX_NAMES).map(shortened).collect();
    }

    /// Notes what was found, as much of it as can be shown.
    pub fn found(&mut self, bytes: &[u8]) {
        // An alert or a handshake of any version (RFC 8446, 5.1).
        if let [0x15 | 0x16, 0x03, ..] = bytes {
            self.found = Some(TLS.to_owned());
            return;
        }
        let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        let text = shortened(&String::from_utf8_lossy(line));
        self.found = Some(text).filter(|text| !text.trim().is_empty());
    }

    /// As JSON, for the store; none when there is nothing.
    pub(crate) fn to_json(&self) -> Option<String> {
        serde_json::to_string(self).ok().filter(|json| json != "{}")
    }

    /// From the store.
    pub(crate) fn from_json(json: Option<&str>) -> Params {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn example() -> Params {
        let mut params = Params {
            host: Some("crm.example.com".to_owned()),
            port: Some(443),
            timeout_ms: Some(7_000),
            issuer: Some("An issuer".to_owned()),
            max: Some(262_144),
            ..Params::default()
        };
        params.expires(0);
        params.begins(0);
        params.named(["a.example.com", "b.example.com", "c.example.com", "d.example.com"]);
        params.found(b"SSH-2.0-OpenSSH_9.2\r\n");
        params
    }
}

/// A receiver's text with what cannot be shown left out, and not too long.
fn shortened(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control() && *character != '\u{fffd}')
        .take(MAX_TEXT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        for params in [Params::default(), Params::example()] {
            assert_eq!(Params::from_json(params.to_json().as_deref()), params);
        }
        assert_eq!(Params::default().to_json(), None);
        assert_eq!(Params::example().names.len(), MAX_NAMES);
    }

    #[test]
    fn what_a_receiver_sent_is_shown_without_what_cannot_be() {
        for (bytes, expected) in [
            (b"\x16\x03\x01hello\r\nmore".as_slice(), Some(TLS)),
            (b"\x15\x03\x03\0\x02\x02\x46".as_slice(), Some(TLS)),
            (b"\x1b[31mhello\r\nmore".as_slice(), Some("[31mhello")),
            (b"\x00\x01".as_slice(), None),
            (b"".as_slice(), None),
        ] {
            let mut params = Params::default();
            params.found(bytes);
            assert_eq!(params.found.as_deref(), expected);
        }
        assert_eq!(shortened(&"x".repeat(1_000)).len(), MAX_TEXT);
    }
}

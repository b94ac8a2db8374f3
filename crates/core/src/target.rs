//! Where deliveries may go: rules for URLs and for addresses. Resolving a name is the caller's; vetting what it resolved
//! to, and what was really connected to, is done with [`is_public`].

use alloc::{borrow::ToOwned, string::String};
use core::{fmt::Write, net::IpAddr};

use url::{Host, ParseError, Url};

use crate::input::{Fault, Unit, UrlReason, shown};

// Which addresses are public.
mod address;

// Which names can be.
mod name;

pub use address::is_public;

/// The longest URL, in bytes, as given and as normalised.
pub const MAX_URL: usize = 2_048;

/// A URL that may be called, in its normalised spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URL as the request uses it.
    pub url: String,
    /// The host: a name to resolve, or an address as given.
    pub host: Destination,
    /// The port, given or by scheme.
    pub port: u16,
}

impl Target {
    /// Whether TLS is spoken there.
    pub fn is_tls(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// Scheme, host and port: what a connection is good for.
    pub fn origin(&self) -> &str {
        self.url.get(..self.path_at()).unwrap_or_default()
    }

    /// The host, with the port where it is not the scheme's own (RFC 9110, 7.2).
    pub fn authority(&self) -> &str {
        self.origin().split_once("://").map_or("", |(_, authority)| authority)
    }

    /// The host as the URL spells it, without the port.
    pub fn host_text(&self) -> &str {
        let authority = self.authority();
        let end = authority.rfind(':').filter(|end| *end > authority.rfind(']').unwrap_or(0));
        end.and_then(|end| authority.get(..end)).unwrap_or(authority)
    }

    /// What is asked for there: path and query, as RFC 3986 has them.
    pub fn path_and_query(&self) -> &str {
        self.url.get(self.path_at()..).unwrap_or("/")
    }

    /// Whether its host is a name that never leads to a public address, whatever a name server says: `localhost`, names of
    /// one label, and those below `internal`, `local`, `home.arpa` and the like.
    pub fn is_never_public(&self) -> bool {
        matches!(&self.host, Destination::Name(name) if name::is_never_public(name))
    }

    /// Where the path begins: a URL of these schemes always has one.
    fn path_at(&self) -> usize {
        let host = self.url.find("://").map_or(0, |at| at + "://".len());
        self.url.get(host..).and_then(|rest| rest.find('/')).map_or(self.url.len(), |at| host + at)
    }
}

/// What has to be connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A name to resolve, in its ASCII form.
    Name(String),
    /// An address, however it was spelt (`2130706433`, `0x7f.1`, `[::ffff:127.0.0.1]`).
    Address(IpAddr),
}

/// Reads a webhook's URL.
///
/// # Errors
/// What is wrong: not a URL, not http or https, a user name or password in it, a fragment, or too long.
pub fn parse(text: &str) -> Result<Target, Fault> {
    if text.len() > MAX_URL {
        return Err(Fault::AtMost(Unit::Bytes, MAX_URL, Some(text.len())));
    }
    let text = text.trim_ascii();
    let url = Url::parse(text).map_err(|error| Fault::NotAUrl(reason(error)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Fault::UrlScheme(shown(url.scheme())));
    }
    check_spelling(text)?;
    if url.fragment().is_some() {
        return Err(Fault::UrlFragment);
    }
    let host = match url.host() {
        Some(Host::Domain(name)) => {
            let is_tls = url.scheme() == "https";
            name::check(name, is_tls)?;
            Destination::Name(name.to_owned())
        }
        Some(Host::Ipv4(address)) => Destination::Address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Destination::Address(IpAddr::V6(address)),
        None => return Err(Fault::UrlHost),
    };
    let Some(port) = url.port_or_known_default().filter(|port| *port != 0) else {
        return Err(Fault::UrlPort);
    };
    let url = escaped(url.as_str());
    if url.len() > MAX_URL {
        return Err(Fault::AtMost(Unit::EscapedBytes, MAX_URL, Some(url.len())));
    }
    Ok(Target { url, host, port })
}

/// Refuses what a reader of URLs that means well would repair, and another one would read as something else: line breaks
/// and other control characters, `\` for `/`, slashes that are missing or too many, and anything before an `@`, even nothing.
fn check_spelling(text: &str) -> Result<(), Fault> {
    let (before_query, _) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
    if text.chars().any(char::is_control) || before_query.contains('\\') {
        return Err(Fault::NotAUrl(UrlReason::BadCharacter));
    }
    let after_scheme = before_query.split_once(':').map_or("", |(_, rest)| rest);
    let rest = after_scheme.strip_prefix("//").unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    match authority {
        "" => Err(Fault::NotAUrl(UrlReason::NoHost)),
        _ if authority.contains('@') => Err(Fault::UrlCredentials),
        _ => Ok(()),
    }
}

/// A URL with everything escaped in path and query that RFC 3986 does not allow there. What is escaped already stays byte
/// for byte, since it may be signed.
fn escaped(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
    let mut out = String::with_capacity(url.len());
    out.push_str(url.get(..path).unwrap_or_default());
    let mut rest = url.get(path..).unwrap_or_default().chars();
    while let Some(character) = rest.next() {
        let is_allowed = match character {
            '%' => is_escape(rest.as_str()),
            _ => character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(character),
        };
        if is_allowed {
            out.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Whether a percent sign before this begins an escape.
fn is_escape(rest: &str) -> bool {
    rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn reason(error: ParseError) -> UrlReason {
    match error {
        ParseError::EmptyHost => UrlReason::NoHost,
        ParseError::IdnaError
        | ParseError::InvalidIpv4Address
        | ParseError::InvalidIpv6Address
        | ParseError::InvalidDomainCharacter => UrlReason::BadHost,
        ParseError::InvalidPort => UrlReason::BadPort,
        ParseError::RelativeUrlWithoutBase => UrlReason::Relative,
        _ => UrlReason::Other,
    }
}

#[cfg(test)]
mod tests;

//! Which names can be called, and which never lead to a public address.

use crate::input::{Fault, shown};

/// The longest name that name servers can be asked for, and the longest of its labels (RFC 1035, 2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Domains that the public name service does not have, now or later: those that IANA keeps for special use (RFC 6761 and
/// what follows it), the one that ICANN keeps for private use, and those that it will not give out because private
/// networks use them. `arpa` is for the service itself; `home.arpa` is in it.
const NEVER_PUBLIC: [&str; 17] = [
    "alt",
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
    "workgroup",
];

/// Refuses names that no request could carry: those that no name server can be asked for, those with characters that no
/// host has (letters, digits, hyphens and, in many a name, low lines are what there is), and over TLS those that no
/// certificate can name.
pub(super) fn check(name: &str, is_tls: bool) -> Result<(), Fault> {
    let name = without_dot(name);
    let mut labels = name.split('.');
    if name.len() > MAX_NAME || labels.clone().any(|label| label.is_empty() || label.len() > MAX_LABEL) {
        return Err(Fault::UrlHostName(shown(name)));
    }
    if let Some(found) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))) {
        return Err(Fault::UrlHostCharacter(found));
    }
    let can_be_named = |label: &str| !label.starts_with('-') && !label.ends_with('-');
    match labels.find(|label| is_tls && !can_be_named(label)) {
        Some(label) => Err(Fault::UrlTlsName(shown(label))),
        None => Ok(()),
    }
}

/// Whether a name never leads to a public address, whatever a name server says: it is of one label, which only a local
/// network completes, or its domain is not public.
pub(super) fn is_never_public(name: &str) -> bool {
    let name = without_dot(name);
    let Some((_, last)) = name.rsplit_once('.') else { return true };
    NEVER_PUBLIC.iter().any(|domain| last.eq_ignore_ascii_case(domain))
}

/// A name without the dot that says that it is whole.
fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_private_networks_and_special_use_are_never_public() {
        for name in [
            "localhost",
            "LocalHost.",
            "a.localhost",
            "intranet",
            "vm",
            "ai",
            "metadata.google.internal",
            "instance-data.ec2.internal.",
            "printer.local",
            "router.home.arpa",
            "1.0.0.127.in-addr.arpa",
            "nowhere.invalid",
            "a.test",
            "crm.example",
            "duskgytldkxiuqc6.onion",
            "a.alt",
            "nas.lan",
            "fritz.home",
            "dc1.CORP",
            "kubernetes.default.svc.cluster.local",
            "host.docker.internal",
            "a.localdomain",
        ] {
            assert!(is_never_public(name), "{name}");
        }
        for name in [
            "example.com",
            "hooks.example.org.",
            "local.example.com",
            "internal.blue.cc",
            "notlocal.io",
            "xn--mller-kva.de",
            "a.internals",
            "localhost.com",
        ] {
            assert!(!is_never_public(name), "{name}");
        }
    }
}

//! The sentences of failures in English: what happened, and what the receiver's owner can do.

use super::{Failure, FailureKind, Params, Reason, params::TLS};

/// What happened and what the receiver's owner can do.
pub(super) fn sentence(failure: &Failure) -> String {
    let Failure { kind, reason, params } = failure;
    match kind {
        FailureKind::Dns => dns(*reason, params),
        FailureKind::BlockedAddress => format!(
            "{} leads to a private or internal address; use a URL whose name leads to public addresses only",
            host(params)
        ),
        FailureKind::Connect => connect(*reason, params),
        FailureKind::Tls => tls(*reason, params),
        FailureKind::Timeout => timeout(*reason, params),
        FailureKind::Connection => connection(*reason),
        FailureKind::InvalidResponse => invalid(*reason, params),
    }
}

fn host(params: &Params) -> &str {
    params.host.as_deref().unwrap_or("the host of the URL")
}

fn dns(reason: Option<Reason>, params: &Params) -> String {
    let host = host(params);
    match reason {
        Some(Reason::NoSuchName) => {
            format!("{host} does not exist or has no address; check the URL, and the domain's DNS records")
        }
        _ => format!(
            "no name server could say where {host} is; check the domain's name servers, or try again later"
        ),
    }
}

fn connect(reason: Option<Reason>, params: &Params) -> String {
    let place = match params.port {
        Some(port) => format!("{}, port {port}", host(params)),
        None => host(params).to_owned(),
    };
    match reason {
        Some(Reason::Refused) => {
            format!("nothing accepts connections at {place}; start the receiver, or check the URL's port")
        }
        _ => format!("{place} could not be reached; check that it is up, and that no firewall is in between"),
    }
}

fn tls(reason: Option<Reason>, params: &Params) -> String {
    let day = |at: &Option<String>| at.as_deref().and_then(|at| at.get(..10)).map(|day| format!(" {day}"));
    let host = host(params);
    match reason {
        Some(Reason::Expired) => {
            let when = day(&params.expires_at).map(|day| format!(" on{day}")).unwrap_or_default();
            format!("the certificate of {host} expired{when}; renew it")
        }
        Some(Reason::NotYetValid) => {
            let when = day(&params.valid_from).map(|day| format!(" before{day}")).unwrap_or_default();
            format!(
                "the certificate of {host} is not valid{when} yet; install one that is, or check the clock"
            )
        }
        Some(Reason::SelfSigned) => format!(
            "the certificate of {host} is signed by itself; install one from a certificate authority that is trusted"
        ),
        Some(Reason::WrongName) => {
            let names = params.names.join(", ");
            let found = if names.is_empty() { "other names".to_owned() } else { names };
            format!(
                "the certificate is for {found}, not for {host}; install one that names {host}, or change the URL"
            )
        }
        Some(Reason::IncompleteChain) => format!(
            "{host} sends its certificate without the ones that lead to a trusted authority; install the full chain"
        ),
        Some(Reason::UnknownIssuer) => format!(
            "the certificate of {host} was issued by {}, which is not trusted; install one from an authority that is",
            params.issuer.as_deref().unwrap_or("an unknown authority")
        ),
        Some(Reason::Weak) => format!(
            "the certificate of {host} is too weak (SHA-1, or a key of less than 2,048 bits); install a new one"
        ),
        Some(Reason::NotForServers) => {
            format!("the certificate of {host} is not made for servers; install a server certificate")
        }
        Some(Reason::OldTls) => {
            format!("{host} speaks only old versions of TLS; allow TLS 1.2 or 1.3 there")
        }
        Some(Reason::Http2Only) => format!("{host} speaks only HTTP/2; allow HTTP/1.1 there too"),
        _ => format!(
            "TLS could not be agreed on with {host}; check that this port speaks TLS, and how it is set up"
        ),
    }
}

fn timeout(reason: Option<Reason>, params: &Params) -> String {
    let time = params.timeout_ms.map_or_else(|| "in time".to_owned(), |ms| format!("within {}", seconds(ms)));
    let host = host(params);
    match reason {
        Some(Reason::Dns) => {
            format!("no name server said {time} where {host} is; check the domain's name servers")
        }
        Some(Reason::Connect) => {
            format!("{host} did not accept a connection {time}; check that it is up, and its firewall")
        }
        Some(Reason::Tls) => format!("{host} did not agree on TLS {time}; check that this port speaks TLS"),
        Some(Reason::Body) => {
            format!("{host} began an answer but sent no status {time}; let it answer at once")
        }
        _ => format!("{host} did not answer {time}; let it answer first and do its work afterwards"),
    }
}

/// Milliseconds as seconds.
fn seconds(ms: u64) -> String {
    if ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{ms} ms") }
}

fn connection(reason: Option<Reason>) -> String {
    match reason {
        Some(Reason::Closed) => {
            "the receiver closed the connection before it answered; look into its log, or a proxy's before it".to_owned()
        }
        _ => "the connection broke off before an answer came; look into the receiver's log, or a proxy's before it"
            .to_owned(),
    }
}

fn invalid(reason: Option<Reason>, params: &Params) -> String {
    match reason {
        Some(Reason::Http2Only) => "the receiver speaks only HTTP/2 there; allow HTTP/1.1 too".to_owned(),
        Some(Reason::HeadTooLarge) => match params.max {
            Some(max) => {
                format!("no status came within the first {} KiB of the answer; answer with less", max / 1_024)
            }
            None => "no status came within the part of the answer that is read; answer with less".to_owned(),
        },
        _ => match &params.found {
            Some(found) if found == TLS => "that port speaks TLS; begin the URL with https".to_owned(),
            Some(found) => {
                format!("the answer is not HTTP, it begins with \"{found}\"; check the URL's port")
            }
            None => "the answer is not HTTP; check the URL's port".to_owned(),
        },
    }
}

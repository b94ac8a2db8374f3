//! Variables that a cluster puts into every container: one group for each Service of its namespace. Those of a Service
//! whose name begins with `bluehook` begin as our own do.
//!
//! The forms are Kubernetes' (documentation, "Environment variables" of a Service): `…_SERVICE_HOST`, `…_SERVICE_PORT`,
//! `…_SERVICE_PORT_<name>`, `…_PORT`, `…_PORT_<number>_<protocol>` and, of the last, `_PROTO`, `_PORT`, `_ADDR`.

/// The protocols that a port of a Service has.
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// Whether a variable is one of these.
pub(super) fn is_one(name: &str, text: &str) -> bool {
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && is_endpoint(text))
        || name.match_indices("PORT_").any(|(at, port)| {
            let (before, from) = name.split_at(at);
            before.ends_with('_') && is_numbered_port(from.strip_prefix(port).unwrap_or_default())
        })
}

/// `tcp://10.0.0.7:80`. A bare number is what a person would write, who then has to hear that nobody reads it.
fn is_endpoint(text: &str) -> bool {
    let scheme = text.trim().split_once("://").map(|(scheme, _)| scheme.to_ascii_uppercase());
    scheme.is_some_and(|scheme| PROTOCOLS.contains(&scheme.as_str()))
}

/// `80_TCP`, or `80_TCP_ADDR`; `80_TCP` too of `…_PORT_80_TCP_PORT`.
fn is_numbered_port(rest: &str) -> bool {
    let mut parts = rest.split('_');
    let number = parts.next().is_some_and(|number| number.parse::<u16>().is_ok());
    let protocol = parts.next().is_some_and(|protocol| PROTOCOLS.contains(&protocol));
    let what = parts.next().is_none_or(|what| ["PROTO", "PORT", "ADDR"].contains(&what));
    number && protocol && what && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_every_service() {
        for service in ["BLUEHOOK", "BLUEHOOK_WEB", "BLUEHOOK_PORT", "BLUEHOOK_2"] {
            for (form, text) in [
                ("SERVICE_HOST", "10.0.0.7"),
                ("SERVICE_PORT", "80"),
                ("SERVICE_PORT_HTTP", "80"),
                ("SERVICE_PORT_GRPC_WEB", "81"),
                ("PORT", "tcp://10.0.0.7:80"),
                ("PORT", "udp://[fd00::7]:53"),
                ("PORT_80_TCP", "tcp://10.0.0.7:80"),
                ("PORT_80_TCP_PROTO", "tcp"),
                ("PORT_80_TCP_PORT", "80"),
                ("PORT_80_TCP_ADDR", "10.0.0.7"),
                ("PORT_53_UDP_ADDR", "10.0.0.7"),
                ("PORT_9_SCTP", "sctp://10.0.0.7:9"),
            ] {
                assert!(is_one(&format!("{service}_{form}"), text), "{service}_{form}");
            }
        }
    }

    #[test]
    fn what_a_person_may_have_meant_is_not_passed_over() {
        for (name, text) in [
            ("BLUEHOOK_PORT", "8080"),
            ("BLUEHOOK_HTTP_PORT", "http://a:80"),
            ("BLUEHOOK_HOST", "10.0.0.7"),
            ("BLUEHOOK_PORT_80", "80"),
            ("BLUEHOOK_PORT_HTTP_TCP", "80"),
            ("BLUEHOOK_PORT_80_HTTP", "80"),
            ("BLUEHOOK_PORT_80_TCP_URL", "80"),
            ("BLUEHOOK_PORT_99999_TCP", "80"),
            ("BLUEHOOK_SERVICE", "x"),
            ("BLUEHOOK_TIMOUT", "1s"),
        ] {
            assert!(!is_one(name, text), "{name}");
        }
    }
}

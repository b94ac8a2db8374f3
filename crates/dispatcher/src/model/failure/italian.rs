//! The sentences of failures in Italian: what happened, and what the receiver's owner can do.

use super::{Failure, FailureKind, Params, Reason, params::TLS};

/// What happened and what the receiver's owner can do.
pub(super) fn sentence(failure: &Failure) -> String {
    let Failure { kind, reason, params } = failure;
    match kind {
        FailureKind::Dns => dns(*reason, params),
        FailureKind::BlockedAddress => format!(
            "{} porta a un indirizzo privato o interno; usa un URL il cui nome porti solo a indirizzi pubblici",
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
    params.host.as_deref().unwrap_or("l'host dell'URL")
}

fn dns(reason: Option<Reason>, params: &Params) -> String {
    let host = host(params);
    match reason {
        Some(Reason::NoSuchName) => {
            format!("{host} non esiste o non ha un indirizzo; controlla l'URL e i record DNS del dominio")
        }
        _ => format!(
            "nessun server dei nomi ha saputo dire dove si trova {host}; controlla i server dei nomi del dominio o \
             riprova più tardi"
        ),
    }
}

fn connect(reason: Option<Reason>, params: &Params) -> String {
    let place = match params.port {
        Some(port) => format!("{}, porta {port}", host(params)),
        None => host(params).to_owned(),
    };
    match reason {
        Some(Reason::Refused) => {
            format!(
                "nessuno accetta connessioni su {place}; avvia il destinatario o controlla la porta dell'URL"
            )
        }
        _ => {
            format!("{place} non è raggiungibile; controlla che sia attivo e che nessun firewall lo blocchi")
        }
    }
}

fn tls(reason: Option<Reason>, params: &Params) -> String {
    let day = |at: &Option<String>| at.as_deref().and_then(|at| at.get(..10)).map(str::to_owned);
    let host = host(params);
    match reason {
        Some(Reason::Expired) => {
            let when = day(&params.expires_at).map(|day| format!(" il {day}")).unwrap_or_default();
            format!("il certificato di {host} è scaduto{when}; rinnovalo")
        }
        Some(Reason::NotYetValid) => {
            let when = day(&params.valid_from).map(|day| format!(" prima del {day}")).unwrap_or_default();
            format!(
                "il certificato di {host} non è ancora valido{when}; installane uno valido o controlla l'orologio"
            )
        }
        Some(Reason::SelfSigned) => format!(
            "il certificato di {host} è firmato da sé stesso; installane uno di un'autorità di certificazione fidata"
        ),
        Some(Reason::WrongName) => {
            let names = params.names.join(", ");
            let found = if names.is_empty() { "altri nomi".to_owned() } else { names };
            format!(
                "il certificato vale per {found}, non per {host}; installane uno per {host} o cambia l'URL"
            )
        }
        Some(Reason::IncompleteChain) => format!(
            "{host} invia il suo certificato senza quelli che portano a un'autorità fidata; installa la catena completa"
        ),
        Some(Reason::UnknownIssuer) => format!(
            "il certificato di {host} è stato emesso da {}, che non è fidata; installane uno di un'autorità fidata",
            params.issuer.as_deref().unwrap_or("un'autorità sconosciuta")
        ),
        Some(Reason::Weak) => format!(
            "il certificato di {host} è troppo debole (SHA-1 o una chiave di meno di 2048 bit); installane uno nuovo"
        ),
        Some(Reason::NotForServers) => {
            format!("il certificato di {host} non è fatto per i server; installa un certificato per server")
        }
        Some(Reason::OldTls) => {
            format!("{host} parla solo versioni vecchie di TLS; consenti TLS 1.2 o 1.3")
        }
        Some(Reason::Http2Only) => format!("{host} parla solo HTTP/2; consenti anche HTTP/1.1"),
        _ => format!(
            "nessun accordo su TLS con {host}; controlla che questa porta parli TLS e come è configurata"
        ),
    }
}

fn timeout(reason: Option<Reason>, params: &Params) -> String {
    let time = params.timeout_ms.map_or_else(|| "in tempo".to_owned(), |ms| format!("entro {}", seconds(ms)));
    let host = host(params);
    match reason {
        Some(Reason::Dns) => format!(
            "nessun server dei nomi ha detto {time} dove si trova {host}; controlla i server dei nomi del dominio"
        ),
        Some(Reason::Connect) => {
            format!(
                "{host} non ha accettato una connessione {time}; controlla che sia attivo e il suo firewall"
            )
        }
        Some(Reason::Tls) => {
            format!("{host} non si è accordato su TLS {time}; controlla che questa porta parli TLS")
        }
        Some(Reason::Body) => {
            format!(
                "{host} ha iniziato una risposta ma non ha inviato lo stato {time}; deve rispondere subito"
            )
        }
        _ => format!("{host} non ha risposto {time}; deve prima rispondere e poi fare il suo lavoro"),
    }
}

/// Milliseconds as seconds.
fn seconds(ms: u64) -> String {
    if ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{ms} ms") }
}

fn connection(reason: Option<Reason>) -> String {
    let then = "guarda nel suo registro o in quello di un proxy davanti";
    match reason {
        Some(Reason::Closed) => {
            format!("il destinatario ha chiuso la connessione prima di rispondere; {then}")
        }
        _ => format!("la connessione con il destinatario si è interrotta prima di una risposta; {then}"),
    }
}

fn invalid(reason: Option<Reason>, params: &Params) -> String {
    match reason {
        Some(Reason::Http2Only) => "il destinatario parla solo HTTP/2; consenti anche HTTP/1.1".to_owned(),
        Some(Reason::HeadTooLarge) => match params.max {
            Some(max) => {
                format!("nessuno stato nei primi {} KiB della risposta; rispondi con meno", max / 1_024)
            }
            None => "nessuno stato nella parte della risposta che viene letta; rispondi con meno".to_owned(),
        },
        _ => match &params.found {
            Some(found) if found == TLS => "quella porta parla TLS; iniziare l'URL con https".to_owned(),
            Some(found) => {
                format!("la risposta non è HTTP, comincia con \"{found}\"; controlla la porta dell'URL")
            }
            None => "la risposta non è HTTP; controlla la porta dell'URL".to_owned(),
        },
    }
}

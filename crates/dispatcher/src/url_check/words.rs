//! The steps of a URL's check in words.

use bluehook_core::language::Language;

use super::{Failed, Phase, Step};

pub(super) fn done(step: Step, language: Language) -> &'static str {
    let (english, italian) = match step {
        Step::Syntax => ("it is a URL that can be called", "è un URL che si può chiamare"),
        Step::Dns => ("the name resolves", "il nome si risolve"),
        Step::Address => ("its address may be called", "il suo indirizzo si può chiamare"),
        Step::Connect => ("it takes connections", "accetta connessioni"),
        Step::Tls => ("TLS is agreed on", "TLS concordato"),
    };
    one(language, english, italian)
}

pub(super) fn skipped(language: Language) -> &'static str {
    one(language, "not tried", "non provato")
}

/// The one in the language.
fn one<'a>(language: Language, english: &'a str, italian: &'a str) -> &'a str {
    match language {
        Language::English => english,
        Language::Italian => italian,
    }
}

pub(super) fn failed(failed: &Failed, language: Language) -> String {
    let (english, italian) = match failed {
        Failed::Syntax(fault) => return fault.sentence(language),
        Failed::NoSuchName => ("there is no such name", "il nome non esiste"),
        Failed::NoAnswer => ("the name server gave no answer", "il server dei nomi non ha risposto"),
        Failed::Blocked => (
            "this address is not public; use one that can be reached from the internet",
            "questo indirizzo non è pubblico; usane uno raggiungibile da internet",
        ),
        Failed::Refused => ("the connection was refused", "la connessione è stata rifiutata"),
        Failed::Unreachable => ("it cannot be reached", "non è raggiungibile"),
        Failed::TimedOut(Phase::Dns) => {
            ("the name did not resolve in time", "il nome non si è risolto in tempo")
        }
        Failed::TimedOut(Phase::Connect) => ("no connection in time", "nessuna connessione in tempo"),
        Failed::TimedOut(Phase::Tls) => ("no agreement on TLS in time", "nessun accordo su TLS in tempo"),
        Failed::Reset => ("the connection was reset", "la connessione è stata interrotta"),
        Failed::Closed => ("the connection was closed", "la connessione è stata chiusa"),
        Failed::Expired => ("its certificate has expired", "il suo certificato è scaduto"),
        Failed::NotYetValid => {
            ("its certificate does not hold yet", "il suo certificato non è ancora valido")
        }
        Failed::SelfSigned => (
            "its certificate is self-signed; use one of a public authority",
            "il suo certificato è autofirmato; usane uno di un'autorità pubblica",
        ),
        Failed::WrongName => ("its certificate is for another name", "il suo certificato è di un altro nome"),
        Failed::IncompleteChain => (
            "the certificates that lead to the issuer are missing; install the whole chain",
            "mancano i certificati che portano all'autorità; installa l'intera catena",
        ),
        Failed::UnknownIssuer => {
            ("the issuer of its certificate is not known", "l'autorità del suo certificato non è conosciuta")
        }
        Failed::Weak => (
            "its certificate is signed in a way that is not safe any more",
            "il suo certificato è firmato in un modo non più sicuro",
        ),
        Failed::NotForServers => {
            ("its certificate is not one for servers", "il suo certificato non è per server")
        }
        Failed::OldTls => {
            ("it has no TLS of 1.2 or later in common", "non ha in comune un TLS 1.2 o successivo")
        }
        Failed::Http2Only => ("it speaks HTTP/2 only", "parla solo HTTP/2"),
        Failed::Handshake => ("there was no agreement on TLS", "nessun accordo su TLS"),
    };
    one(language, english, italian).to_owned()
}

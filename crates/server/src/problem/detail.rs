//! What a problem says to people as a whole: one sentence in each language, from one table.

use bluehook_core::language::Language;
use bluehook_dispatcher::{Busy, Conflict, Counted, Trouble};

/// What happened, and what to do about it. GraphQL tells it in English: where Blue has words for it, they are Blue's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What the errors say.
    Errors,
    NoCredentials,
    WrongCredentials,
    SignedOut,
    NotAuthorized,
    OtherSite,
    NoCsrf,
    NotFound(&'static str),
    Methods(&'static str),
    SlowHead,
    LargeHead {
        bytes: usize,
        headers: usize,
    },
    /// No HTTP, or HTTP with two readings; why, in English.
    Malformed(&'static str),
    SlowBody,
    BrokenBody,
    LargeBody(usize),
    MediaType {
        expected: String,
        found: String,
    },
    /// A body that is compressed, and how.
    Coded(String),
    Conflict(Conflict),
    Changed,
    LimitReached(usize, Counted),
    PrivateAddress,
    Backlog(u32),
    Streams(usize),
    RateLimited(u32),
    Busy(Busy, u32),
    TooSlow,
    TooManyTokens(usize),
    /// What a GraphQL request asks too much of, in English as all of its messages.
    Graphql(String),
    ShuttingDown,
    /// The server is not done with its start.
    Starting,
    Trouble(Trouble),
    StoreFailed,
    NotSetUp,
    DamagedEvent,
    Pages(usize),
}

impl Detail {
    /// The sentence; what the errors say is not its to tell.
    pub(crate) fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Detail::Conflict(conflict), language) => conflict.sentence(language),
            (Detail::Trouble(trouble), language) => trouble.sentence(language).to_owned(),
            (_, Language::English) => self.english(),
            (_, Language::Italian) => self.italian(),
        }
    }

    fn english(&self) -> String {
        match self {
            Detail::NotFound(what) => return format!("{what} was not found."),
            Detail::Methods(allowed) => return format!("expected {allowed}"),
            Detail::LargeBody(limit) => return format!("the body may have at most {limit} bytes"),
            Detail::LargeHead { bytes, headers } => {
                return format!(
                    "the address and the headers may have at most {bytes} bytes and {headers} headers"
                );
            }
            Detail::Busy(what, seconds) => {
                return format!("{}; try again in {seconds} s", what.sentence(Language::English));
            }
            Detail::TooManyTokens(max) => {
                return format!("the person has {max} tokens, which is the most; revoke one of them");
            }
            Detail::Graphql(why) => return why.clone(),
            Detail::MediaType { expected, found } => {
                return format!("expected Content-Type: {expected}, found {found}");
            }
            Detail::Coded(coding) => {
                return format!(
                    "the body is compressed ({coding}); send it as it is, without Content-Encoding"
                );
            }
            Detail::LimitReached(limit, counts) => {
                let which = if *counts == Counted::On { "enabled " } else { "" };
                return format!("the company already has {limit} {which}webhooks, which is its limit");
            }
            Detail::Backlog(seconds) => {
                return format!("too many deliveries are waiting; try again in {seconds} s");
            }
            Detail::Streams(max) => return format!("{max} streams are open; try again later"),
            Detail::RateLimited(seconds) => return format!("too often; try again in {seconds} s"),
            Detail::Pages(max) => return format!("expected skip from 0, and take from 1 to {max}"),
            Detail::Errors | Detail::Conflict(_) | Detail::Trouble(_) => "",
            Detail::NoCredentials => "expected Authorization: Bearer <token>",
            Detail::WrongCredentials => "the token is not valid",
            Detail::SignedOut => "nobody is signed in, or not any more",
            Detail::NotAuthorized => "You are not authorized.",
            Detail::OtherSite => "the request comes from a page of another site",
            Detail::NoCsrf => "expected the header X-Bluehook-Csrf with csrf of GET /v1/session",
            Detail::SlowHead => "the head did not arrive within 10 s",
            Detail::Malformed(why) => why,
            Detail::TooSlow => "this took too long among what others asked for; try again",
            Detail::SlowBody => "the body did not arrive within 30 s",
            Detail::BrokenBody => "the body broke off",
            Detail::Changed => "it was changed since it was read; read it again",
            Detail::PrivateAddress => "URL resolves to a private/internal address",
            Detail::ShuttingDown => "the server is shutting down; try again",
            Detail::Starting => "the server is starting; try again",
            Detail::StoreFailed => "the store failed; try again",
            Detail::NotSetUp => "the server is not set up for this",
            Detail::DamagedEvent => "the stored event is damaged",
        }
        .to_owned()
    }

    fn italian(&self) -> String {
        match self {
            Detail::NotFound(what) => return not_found(what).to_owned(),
            Detail::Methods(allowed) => return format!("previsto {allowed}"),
            Detail::LargeBody(limit) => return format!("il corpo può avere al massimo {limit} byte"),
            Detail::LargeHead { bytes, headers } => {
                return format!(
                    "l'indirizzo e le intestazioni possono avere al massimo {bytes} byte e {headers} intestazioni"
                );
            }
            Detail::Busy(what, seconds) => {
                return format!("{}; riprova tra {seconds} s", what.sentence(Language::Italian));
            }
            Detail::TooManyTokens(max) => {
                return format!("la persona ha {max} token, che è il massimo; revocane uno");
            }
            Detail::Graphql(why) => return why.clone(),
            Detail::MediaType { expected, found } => {
                return format!("previsto Content-Type: {expected}, trovato {found}");
            }
            Detail::Coded(coding) => {
                return format!("il corpo è compresso ({coding}); invialo così com'è, senza Content-Encoding");
            }
            Detail::LimitReached(limit, counts) => {
                let which = if *counts == Counted::On { " attivi" } else { "" };
                return format!("l'azienda ha già {limit} webhook{which}, che è il suo limite");
            }
            Detail::Backlog(seconds) => {
                return format!("troppe consegne sono in attesa; riprova tra {seconds} s");
            }
            Detail::Streams(max) => return format!("sono aperti {max} flussi; riprova più tardi"),
            Detail::RateLimited(seconds) => return format!("troppo spesso; riprova tra {seconds} s"),
            Detail::Pages(max) => return format!("previsti skip da 0 e take da 1 a {max}"),
            Detail::Errors | Detail::Conflict(_) | Detail::Trouble(_) => "",
            Detail::NoCredentials => "previsto Authorization: Bearer <token>",
            Detail::WrongCredentials => "il token non è valido",
            Detail::SignedOut => "nessuno ha effettuato l'accesso, o non più",
            Detail::NotAuthorized => "Non hai l'autorizzazione.",
            Detail::OtherSite => "la richiesta viene da una pagina di un altro sito",
            Detail::NoCsrf => "prevista l'intestazione X-Bluehook-Csrf con csrf di GET /v1/session",
            Detail::SlowHead => "la testata non è arrivata entro 10 s",
            Detail::Malformed(_) => "non è una richiesta HTTP/1.1 con una sola lettura possibile",
            Detail::TooSlow => "tra le altre richieste ci è voluto troppo tempo; riprova",
            Detail::SlowBody => "il corpo non è arrivato entro 30 s",
            Detail::BrokenBody => "il corpo si è interrotto",
            Detail::Changed => "è cambiato da quando è stato letto; leggilo di nuovo",
            Detail::PrivateAddress => "l'URL porta a un indirizzo privato o interno",
            Detail::ShuttingDown => "il server si sta spegnendo; riprova",
            Detail::Starting => "il server si sta avviando; riprova",
            Detail::StoreFailed => "l'archivio ha avuto un guasto; riprova",
            Detail::NotSetUp => "il server non è configurato per questo",
            Detail::DamagedEvent => "l'evento archiviato è danneggiato",
        }
        .to_owned()
    }
}

/// What was not found; its words in English name it.
fn not_found(what: &str) -> &'static str {
    match what {
        "Webhook" => "Webhook non trovato.",
        "Company" => "Azienda non trovata.",
        "Project" => "Progetto non trovato.",
        "User" => "Persona non trovata.",
        "Member" => "Membro non trovato.",
        "Event" | "Event type" => "Evento non trovato.",
        "Delivery" => "Consegna non trovata.",
        "Replay" => "Reinvio non trovato.",
        "Token" => "Token non trovato.",
        "Session" => "Sessione non trovata.",
        "This route" => "Percorso non trovato.",
        "This page" => "Pagina non trovata.",
        _ => "Non trovato.",
    }
}

//! What to do about a test that failed, or met something that is no receiver.

use bluehook_core::language::Language;
use bluehook_dispatcher::{ErrorClass, Outcome, Response};
use serde::Serialize;
use serde_json::{Map, Value};

/// What to do, in a word for programs and a sentence for people.
#[derive(Serialize)]
pub(in crate::api) struct Advice {
    code: &'static str,
    params: Map<String, Value>,
    detail: String,
}

impl Advice {
    /// What to do about an outcome; nothing about a success, unless a web page answered.
    pub(in crate::api) fn on(outcome: &Outcome, language: Language) -> Option<Advice> {
        let class = ErrorClass::of(outcome);
        let mut params = Map::new();
        let [code, english, italian] = match outcome {
            Outcome::Response(response) if class.is_none() => {
                if !is_page(response) {
                    return None;
                }
                params.insert("statusCode".to_owned(), response.status_code.into());
                A_PAGE
            }
            Outcome::Response(response) => {
                params.insert("statusCode".to_owned(), response.status_code.into());
                if let Some(to) = location(response) {
                    params.insert("location".to_owned(), to.into());
                }
                on_answer(response.status_code)
            }
            Outcome::Failure(_) => on_class(class?),
        };
        Some(Advice { code, params, detail: language.one_of(english, italian).to_owned() })
    }
}

/// The word and both sentences for a web page that answered where a receiver is expected.
const A_PAGE: [&str; 3] = [
    "NO_RECEIVER",
    "This looks like a web page, not like a receiver: check the URL",
    "Sembra una pagina web, non un destinatario: controlla l'URL",
];

/// Whether a person was to read the answer.
fn is_page(response: &Response) -> bool {
    let is_html = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
    };
    let mut types = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    !response.body.is_empty() && types.any(|(_, kind)| is_html(kind))
}

/// Where a redirect leads.
fn location(response: &Response) -> Option<&str> {
    let header = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
    header.map(|(_, to)| to.as_str()).filter(|_| (300..400).contains(&response.status_code))
}

/// The word and both sentences for an answer that is not 2xx.
#[rustfmt::skip]
fn on_answer(status_code: u16) -> [&'static str; 3] {
    match status_code {
        300..=399 => ["USE_FINAL_URL", "Redirects are not followed: set the URL to where the redirect leads", "I reindirizzamenti non vengono seguiti: imposta l'URL di destinazione del reindirizzamento"],
        401 | 403 => ["CHECK_ACCESS", "The receiver refused the request: check the secret that it verifies with, and the header or token that it expects", "Il destinatario ha rifiutato la richiesta: controlla il segreto con cui verifica e l'intestazione o il token che si aspetta"],
        404 => ["CHECK_PATH", "There is nothing at this path: check the URL", "Non c'è nulla a questo percorso: controlla l'URL"],
        405 => ["ACCEPT_POST", "The receiver has to accept POST at this path", "Il destinatario deve accettare POST a questo percorso"],
        410 => ["GONE", "The receiver says that it wants nothing any more: make a new URL there", "Il destinatario dice di non volere più nulla: crea lì un nuovo URL"],
        413 => ["ACCEPT_LARGER", "The receiver has to accept larger bodies, or choose the compact format", "Il destinatario deve accettare corpi più grandi, oppure scegli il formato compatto"],
        415 => ["ACCEPT_JSON", "The receiver has to accept Content-Type application/json", "Il destinatario deve accettare Content-Type application/json"],
        429 => ["LIMIT_RATE", "The receiver takes fewer requests: set a rate limit", "Il destinatario accetta meno richieste: imposta un limite di frequenza"],
        400..=499 => ["SEE_ANSWER", "The receiver calls the request wrong: its answer may say why", "Il destinatario considera errata la richiesta: la sua risposta può dire perché"],
        _ => ["SEE_RECEIVER_LOG", "The receiver failed itself: look into its log", "Il destinatario ha avuto un errore: guarda nel suo registro"],
    }
}

/// The word and both sentences for a request without a complete answer.
#[rustfmt::skip]
fn on_class(class: ErrorClass) -> [&'static str; 3] {
    match class {
        ErrorClass::Dns => ["CHECK_NAME", "Check the spelling of the host, and that its name is public", "Controlla come è scritto l'host e che il suo nome sia pubblico"],
        ErrorClass::BlockedAddress => ["USE_PUBLIC_ADDRESS", "The receiver has to have a public address", "Il destinatario deve avere un indirizzo pubblico"],
        ErrorClass::Connect => ["START_RECEIVER", "Check that the receiver is running, and that its firewall lets connections to this port through", "Controlla che il destinatario sia in funzione e che il suo firewall lasci passare le connessioni a questa porta"],
        ErrorClass::Tls => ["RENEW_CERTIFICATE", "Check the receiver's certificate: its date, its name, and that the whole chain is sent", "Controlla il certificato del destinatario: la data, il nome, e che venga inviata l'intera catena"],
        ErrorClass::Timeout => ["ANSWER_FIRST", "Answer first, and do the work afterwards", "Rispondi subito ed esegui il lavoro dopo"],
        ErrorClass::Connection => ["KEEP_CONNECTION", "Read the whole request before answering, and do not close the connection before the answer is sent", "Leggi tutta la richiesta prima di rispondere e non chiudere la connessione prima di aver inviato la risposta"],
        _ => ["SPEAK_HTTP", "Check the scheme and the port: this is no HTTP/1.1 server", "Controlla lo schema e la porta: questo non è un server HTTP/1.1"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status_code: u16) -> Outcome {
        let headers = vec![("Location".to_owned(), "https://example.com/".to_owned())];
        let (body, body_truncated, body_cut, clean) = (Vec::new(), false, None, true);
        Outcome::Response(Response { status_code, headers, body, body_truncated, body_cut, clean })
    }

    #[test]
    fn a_page_that_answers_is_no_receiver() {
        let page = |kind: &str, body: &str| {
            let Outcome::Response(mut response) = answer(200) else { unreachable!() };
            response.headers.push(("content-type".to_owned(), kind.to_owned()));
            response.body = body.into();
            Advice::on(&Outcome::Response(response), Language::English).map(|advice| advice.code)
        };
        assert_eq!(page("text/html; charset=utf-8", "<h1>Hello</h1>"), Some("NO_RECEIVER"));
        assert_eq!(page("TEXT/HTML", "x"), Some("NO_RECEIVER"));
        assert_eq!(page("text/html", ""), None);
        assert_eq!(page("application/json", "{}"), None);
    }

    #[test]
    fn failures_have_advice_in_both_languages_and_successes_none() {
        assert!(Advice::on(&answer(204), Language::English).is_none());
        for status in [301, 400, 401, 404, 405, 410, 413, 415, 429, 500, 503] {
            let [english, italian] =
                Language::ALL.map(|language| Advice::on(&answer(status), language).unwrap());
            assert_eq!(english.code, italian.code);
            assert_ne!(english.detail, italian.detail);
            assert_eq!(english.params.contains_key("location"), status == 301);
        }
    }
}

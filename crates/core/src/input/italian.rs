//! Problems in Italian, without their full stop.

use alloc::{borrow::ToOwned, format, string::String};

use super::{
    Fault,
    expected::kind_said,
    fault::{Found, Names, UrlReason},
};
use crate::language::Language::Italian;

/// The sentence of a fault.
#[expect(clippy::too_many_lines, reason = "one table, a line for each fault")]
pub(super) fn sentence(fault: &Fault) -> String {
    let fixed = match fault {
        Fault::RequiredWith(field) => return format!("obbligatorio, dato che è presente {field}"),
        Fault::UnknownField(names) => return format!("campo sconosciuto; {}", meant(names, "previsti ")),
        Fault::UnknownParameter(names) => {
            return format!("parametro sconosciuto; {}", meant(names, "previsti "));
        }
        Fault::NotJson { reason, line, column } => {
            let reason = json_reason(reason);
            return format!("JSON non valido: {reason} (riga {line}, colonna {column})");
        }
        Fault::TooDeep(max) | Fault::FilterDepth(max) => {
            return format!("annidato oltre {max} livelli");
        }
        Fault::NotUtf8(at) => return format!("non è UTF-8 valido dal byte {at}"),
        Fault::WrongType(expected, found) | Fault::FilterOperand(expected, found) => {
            return format!("deve essere {}, non {}", expected.said(Italian), kind_said(*found, Italian));
        }
        Fault::WrongForm(expected) => return format!("deve essere {}", expected.said(Italian)),
        Fault::NotWhole { min, max, found } => {
            let found = match found {
                Found::Kind(kind) => kind_said(*kind, Italian),
                Found::Text(text) => text,
            };
            return format!("deve essere un numero intero da {min} a {max}, non {found}");
        }
        Fault::Overlap(days) => return format!("al massimo {days} giorni, in secondi"),
        Fault::Duration { min, max, found } => {
            return format!("deve essere una durata da {min} a {max}, come 24h, non `{found}`");
        }
        Fault::AtMost(unit, max, found) => {
            let found = found.map(|found| format!(", trovati {found}")).unwrap_or_default();
            return format!("al massimo {max} {}{found}", unit.said(Italian));
        }
        Fault::From1To(unit, max, found) => {
            return format!("previsti da 1 a {max} {}, trovati {found}", unit.said(Italian));
        }
        Fault::UnknownWord(names) => {
            return format!("deve essere {}", super::quoted(&names.allowed, " o "));
        }
        Fault::UnknownEvent(Some(meant)) => return format!("evento sconosciuto; intendevi {meant}?"),
        Fault::OnlyDelivered(name) => {
            return format!("{name} viene solo consegnato: non si può né inviare né scegliere");
        }
        Fault::NotAfter(field) => return format!("deve essere dopo {field}"),
        Fault::NotAUrl(reason) => {
            let reason = self::reason(*reason);
            return format!("non è un URL ({reason}); previsto uno come https://example.com/hook");
        }
        Fault::UrlHostName(found) => {
            return format!("previsto un host con etichette da 1 a 63 caratteri, 253 in tutto, non {found}");
        }
        Fault::UrlHostCharacter(found) => {
            return format!("previsto un host di lettere, cifre, trattini e punti, non con `{found}`");
        }
        Fault::UrlTlsName(found) => {
            return format!(
                "nessun certificato può nominare questo host: {found} non è un'etichetta per https"
            );
        }
        Fault::UrlScheme(found) => return format!("deve iniziare con http o https, non con {found}"),
        Fault::SecretShort(min) => return format!("il segreto ha meno di {min} caratteri"),
        Fault::SecretLong(max) => return format!("il segreto ha più di {max} caratteri"),
        Fault::FilterOperator(names) => {
            return format!("operatore sconosciuto; {}", meant(names, "previsto uno tra "));
        }
        Fault::Required => "obbligatorio, ma manca",
        Fault::BothNull => "previousValue e currentValue sono entrambi null; ne serve almeno uno",
        Fault::Repeated => "indicato più di una volta",
        Fault::IdsDiffer => "Idempotency-Key è diverso dall'id dell'evento; indica solo uno dei due",
        Fault::NotGraphql => "prevista una richiesta GraphQL: {\"query\": …, \"variables\": …}",
        Fault::LoneSurrogate => "prevista una stringa Unicode valida, trovato un surrogato isolato",
        Fault::ByteOrderMark => "inizia con un byte order mark; toglilo",
        Fault::Empty => "non può essere vuoto",
        Fault::UnknownEvent(None) => "evento sconosciuto; previsto un nome come TODO_CREATED",
        Fault::BadTime => "previste data e ora come in RFC 3339, ad esempio 2022-12-01T11:23:09.000Z",
        Fault::BadInstant => {
            "previsti millisecondi dal 1970, oppure data e ora come in RFC 3339, ad esempio 2022-12-01T11:23:09.000Z"
        }
        Fault::Passed => "è già passato; previsto un momento futuro",
        Fault::BadCursor => "non è un cursore dato da una pagina di questo elenco",
        Fault::BadPosition => "non è una posizione data da un flusso",
        Fault::NoSuchProject => "in questa azienda non c'è un progetto con questo id",
        Fault::ProjectElsewhere => "il progetto appartiene a un'altra azienda",
        Fault::NoSuchUser => "nella rubrica non c'è una persona con questo id",
        Fault::NoSuchCompany => "nella rubrica non c'è un'azienda con questo id",
        Fault::NotAMember => "non è membro di questo progetto",
        Fault::UrlCredentials => "non può contenere nome utente o password; usa un'intestazione",
        Fault::UrlFragment => "non può contenere un frammento (#…): non viene mai inviato",
        Fault::UrlHost => "manca l'host",
        Fault::UrlPort => "prevista una porta da 1 a 65535",
        Fault::NeverPublic => "questo nome non è mai pubblico; usane uno raggiungibile da internet",
        Fault::PrivateAddress => "porta a un indirizzo privato o interno",
        Fault::Unresolved => "il nome dell'host non si risolve",
        Fault::HeaderReserved => "nome riservato; scegline un altro",
        Fault::HeaderName => "non è il nome di un'intestazione; previste lettere, cifre e trattini",
        Fault::HeaderValue => {
            "non è il valore di un'intestazione; previsti caratteri ASCII visibili, senza spazi attorno"
        }
        Fault::HeaderAscii => "deve essere ASCII",
        Fault::SecretEncoding => "un segreto che inizia con whsec_ deve proseguire in base64",
        Fault::FilterEmpty => "vuoto: serve almeno una condizione",
        Fault::FilterNoMember => "vuoto: serve almeno un elemento",
        Fault::FilterPlace => "solo sotto currentValue: si confronta con lo stesso punto in previousValue",
    };
    fixed.to_owned()
}

fn reason(reason: UrlReason) -> &'static str {
    match reason {
        UrlReason::NoHost => "manca l'host",
        UrlReason::BadHost => "nome dell'host non valido",
        UrlReason::BadPort => "numero di porta non valido",
        UrlReason::BadCharacter => "contiene un carattere di controllo o una barra rovesciata",
        UrlReason::Relative => "URL relativo senza base",
        UrlReason::Other => "non si può leggere",
    }
}

/// What the reader of JSON met; its words are English.
fn json_reason(reason: &str) -> &str {
    match reason {
        "expected value" => "manca un valore",
        "expected `:`" => "manca `:`",
        "expected `,` or `}`" => "manca `,` o `}`",
        "expected `,` or `]`" => "manca `,` o `]`",
        "key must be a string" => "un nome deve essere una stringa",
        "trailing comma" => "una virgola di troppo",
        "trailing characters" => "caratteri dopo la fine",
        "invalid number" | "number out of range" => "numero non valido",
        "invalid escape" | "unexpected end of hex escape" => "sequenza di escape non valida",
        "invalid unicode code point" | "lone leading surrogate in hex escape" => {
            "carattere Unicode non valido"
        }
        "expected ident" => "parola sconosciuta",
        _ if reason.starts_with("EOF") => "finisce troppo presto",
        _ if reason.starts_with("control character") => "carattere di controllo in una stringa",
        _ => "non si può leggere",
    }
}

fn meant(names: &Names, expected: &str) -> String {
    match names.nearest {
        Some(meant) => format!("intendevi `{meant}`?"),
        None => format!("{expected}{}", super::quoted(&names.allowed, ", ")),
    }
}

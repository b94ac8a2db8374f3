//! What contradicts what is there: a word for programs, and a sentence in each language.

use bluehook_core::language::Language;

/// Why something cannot be done as things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The webhook is off.
    WebhookOff,
    /// The delivery is being sent.
    BeingSent,
    /// The delivery neither waits nor is held.
    NotWaiting,
    /// A job of this kind is under way for the webhook.
    JobUnderWay,
    /// Everything is being sealed with the newest key.
    KeysUnderWay,
    /// Two secrets sign already.
    RotationUnderWay,
    /// The webhook's creator is in none of its projects.
    Membership,
    /// The projects that the webhook chose are gone.
    ProjectDeleted,
    /// The webhook's creator is not in the delivery's project.
    DeliveryNotYours,
    /// The delivery's project is gone.
    DeliveryProjectGone,
    /// An event with this id and other content was taken in before.
    EventIdUsed(String),
    /// Something else has this slug.
    SlugUsed(String),
    /// The key was used for a webhook with other content.
    KeyUsed,
    /// The key was used for a webhook that was deleted since.
    KeyOfDeleted,
}

impl Conflict {
    /// The word for programs.
    pub const fn why(&self) -> &'static str {
        match self {
            Conflict::WebhookOff => "WEBHOOK_OFF",
            Conflict::BeingSent => "BEING_SENT",
            Conflict::NotWaiting => "NOT_WAITING",
            Conflict::JobUnderWay | Conflict::KeysUnderWay => "UNDER_WAY",
            Conflict::RotationUnderWay => "ROTATION_UNDER_WAY",
            Conflict::Membership | Conflict::DeliveryNotYours => "MEMBERSHIP",
            Conflict::ProjectDeleted | Conflict::DeliveryProjectGone => "PROJECT_DELETED",
            Conflict::EventIdUsed(_) | Conflict::SlugUsed(_) => "ID_USED",
            Conflict::KeyUsed | Conflict::KeyOfDeleted => "KEY_USED",
        }
    }

    /// The sentence for people, without its full stop.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Italian => self.italian(),
        }
    }

    fn english(&self) -> String {
        match self {
            Conflict::EventIdUsed(id) => {
                return format!("an event with the id {id} and other content was taken in before");
            }
            Conflict::SlugUsed(slug) => return format!("the slug {slug} is used already; choose another"),
            Conflict::WebhookOff => "the webhook is off; enable it first",
            Conflict::BeingSent => "the delivery is under way already",
            Conflict::NotWaiting => "the delivery neither waits nor is held",
            Conflict::JobUnderWay => "a job of this kind is under way for this webhook; wait for it or stop it",
            Conflict::KeysUnderWay => "everything is being sealed with the newest key already; wait for that job",
            Conflict::RotationUnderWay => {
                "two secrets sign already; end that with finish-rotation first, or rotate with overlapSeconds 0"
            }
            Conflict::Membership => "its creator is in none of its projects; hand it over first",
            Conflict::ProjectDeleted => "the projects that it chose are gone; choose others first",
            Conflict::DeliveryNotYours => "the webhook's creator is not in the delivery's project now",
            Conflict::DeliveryProjectGone => "the delivery's project is gone",
            Conflict::KeyUsed => "the Idempotency-Key was used before, for a webhook with other content",
            Conflict::KeyOfDeleted => {
                "the webhook that was made with this Idempotency-Key was deleted; use another key"
            }
        }
        .to_owned()
    }

    fn italian(&self) -> String {
        match self {
            Conflict::EventIdUsed(id) => {
                return format!("un evento con l'id {id} e un altro contenuto è già stato ricevuto");
            }
            Conflict::SlugUsed(slug) => return format!("lo slug {slug} è già in uso; scegline un altro"),
            Conflict::WebhookOff => "il webhook è disattivato; prima attivalo",
            Conflict::BeingSent => "la consegna è già in invio",
            Conflict::NotWaiting => "la consegna non è né in attesa né trattenuta",
            Conflict::JobUnderWay => {
                "per questo webhook è già in corso un'operazione di questo tipo; attendi o interrompila"
            }
            Conflict::KeysUnderWay => {
                "tutto viene già cifrato con la chiave più recente; attendi quell'operazione"
            }
            Conflict::RotationUnderWay => {
                "firmano già due segreti; prima concludi con finish-rotation, oppure usa overlapSeconds 0"
            }
            Conflict::Membership => "chi lo ha creato non è in nessuno dei suoi progetti; prima affidalo",
            Conflict::ProjectDeleted => "i progetti scelti non esistono più; prima scegline altri",
            Conflict::DeliveryNotYours => "chi ha creato il webhook ora non è nel progetto della consegna",
            Conflict::DeliveryProjectGone => "il progetto della consegna non esiste più",
            Conflict::KeyUsed => "l'Idempotency-Key è già stato usato per un webhook con un altro contenuto",
            Conflict::KeyOfDeleted => {
                "il webhook creato con questo Idempotency-Key è stato cancellato; usa un'altra chiave"
            }
        }
        .to_owned()
    }
}

//! What may be the matter with the store as a whole, and what to do about it.

use bluehook_core::language::Language;

/// Why nothing is taken in. Nothing that was accepted is lost by any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Another program has the database locked. It ends by itself with the lock.
    Held,
    /// There is no room for events: they may not use the last of the disk. It ends by itself when there is.
    Full,
    /// Writing fails. It ends by itself when writing works again.
    Failing,
    /// The database, or its log, is not where it was.
    Moved,
    /// The disk did not take what was written, and may say nothing of it the next time.
    Broken,
}

impl Trouble {
    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Trouble::Held => "DATABASE_HELD",
            Trouble::Full => "DISK_FULL",
            Trouble::Failing => "STORE_FAILING",
            Trouble::Moved => "DATABASE_MOVED",
            Trouble::Broken => "DISK_BROKEN",
        }
    }

    /// How soon to try again, in seconds.
    pub const fn retry_after_seconds(self) -> u32 {
        match self {
            Trouble::Held | Trouble::Failing => 1,
            Trouble::Full => 10,
            Trouble::Moved | Trouble::Broken => 30,
        }
    }

    /// What is the matter and what to do, without a full stop.
    pub const fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Trouble::Held, Language::English) => {
                "another program has locked the database: a transaction left open in a shell, a backup tool; end it there, \
                 and try again"
            }
            (Trouble::Held, Language::Italian) => {
                "un altro programma ha bloccato il database: una transazione lasciata aperta in una shell, uno strumento di \
                 backup; chiudila lì e riprova"
            }
            (Trouble::Full, Language::English) => {
                "the disk of the database is full, but for the reserve that events may not use; make room, or keep events \
                 for less time, and try again"
            }
            (Trouble::Full, Language::Italian) => {
                "il disco del database è pieno, salvo la riserva che gli eventi non possono usare; libera spazio o conserva \
                 gli eventi per meno tempo e riprova"
            }
            (Trouble::Failing, Language::English) => {
                "the store cannot write, and the server's log says why; nothing of this was taken in; try again"
            }
            (Trouble::Failing, Language::Italian) => {
                "l'archivio non riesce a scrivere, e il log del server dice perché; niente di questo è stato accettato; \
                 riprova"
            }
            (Trouble::Moved, Language::English) => {
                "the database was moved, deleted or replaced while the server had it open; put it back where it was, \
                 together with its log, and start the server again"
            }
            (Trouble::Moved, Language::Italian) => {
                "il database è stato spostato, eliminato o sostituito mentre il server lo usava; rimettilo dov'era, insieme \
                 al suo log, e riavvia il server"
            }
            (Trouble::Broken, Language::English) => {
                "the disk did not take what was written, so what was sent last may or may not have been taken in; mend the \
                 disk, start the server again, and send it again with the same id"
            }
            (Trouble::Broken, Language::Italian) => {
                "il disco non ha preso ciò che è stato scritto: quanto inviato per ultimo può essere stato accettato o no; \
                 ripara il disco, riavvia il server e invialo di nuovo con lo stesso id"
            }
        }
    }
}

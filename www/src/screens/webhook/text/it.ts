// A webhook's frame in Italian.

import { plural } from "../../../lib/plural";
import type { Text } from "./en";

const count = (value: number): string => value.toLocaleString("it");

const it = {
  tabs: { label: "Questo webhook", settings: "Impostazioni", secret: "Segreto", test: "Prova" },
  sendTest: "Invia prova",
  more: "Altro",
  copyOf: "Crea una copia",
  handOver: "Affida…",
  remove: "Cancella…",
  banner: {
    off: (date: string, cause: string) => `Disattivato il ${date}: ${cause}`,
    offOnce: "Disattivato",
    offSince: (date: string) => `Disattivato il ${date}`,
    failing: "Le consegne non riescono",
    lagging: "Le consegne arrivano in ritardo",
    cure: {
      TLS: "Rinnovalo, poi riattiva: prima viene inviata una verifica.",
      DNS: "Correggi il nome, o inserisci un altro URL in Impostazioni, poi riattiva: prima viene inviata una verifica.",
      BLOCKED_ADDRESS: "Inserisci in Impostazioni un URL raggiungibile da internet, poi riattiva.",
      HTTP_3XX: "Inserisci in Impostazioni l'URL a cui porta, poi riattiva.",
      HTTP_4XX: "Correggi ciò che il destinatario rifiuta, poi riattiva: prima viene inviata una verifica.",
      other: "Correggi il destinatario, poi riattiva: prima viene inviata una verifica.",
      GONE: "Riattiva solo se il destinatario vuole di nuovo ricevere da Blue.",
    },
    failingCure: (attempts: number) => `Ogni consegna ha ${attempts} tentativi. Quando una li ha usati tutti, il webhook viene disattivato.`,
    laggingCure: "Nulla va perso: il destinatario riceve meno di ciò che accade.",
    held: (held: string, until: string) => `${held}, la più vecchia fino al ${until}.`,
    showAnswer: "Mostra l'ultima risposta",
    meaning: "Che cosa significa?",
  },
  answer: {
    title: "L'ultima risposta",
    none: "Non è arrivata nessuna risposta.",
    headers: "Intestazioni",
    body: "Corpo",
    empty: "Il corpo è vuoto.",
    cut: "Viene conservato solo l'inizio.",
  },
  notMine: (name: string) => `Questo webhook è di ${name}. Puoi vedere come va e disattivarlo.`,
  delete: {
    title: (name: string) => `Cancellare «${name}»?`,
    nothing: "Nulla è in attesa o trattenuto. Il registro resta finché scade.",
    loses: (waiting: number, held: number, exact: boolean) =>
      [
        waiting > 0 &&
          `${count(waiting)} ${plural("it", waiting, { one: "consegna in attesa viene annullata", other: "consegne in attesa vengono annullate" })}.`,
        held > 0 &&
          `${exact ? "" : "Almeno "}${count(held)} ${plural("it", held, { one: "consegna trattenuta va persa", other: "consegne trattenute vanno perse" })}.`,
      ]
        .filter(Boolean)
        .join(" "),
    log: (date: string) => `Il registro resta fino al ${date}.`,
    type: (name: string) => `Scrivi ${name} per confermare`,
    differs: "Non è il suo nome.",
    step: "Cancella webhook",
    done: (name: string) => `${name} è stato cancellato.`,
  },
  hand: {
    title: (name: string) => `Affidare «${name}»`,
    text: "L'altra persona diventa chi l'ha creato: lo vede, lo modifica e ne riceve la posta. Tu non più.",
    who: "A chi",
    find: "Cerca",
    nobody: "Nessun altro amministra un progetto dell'azienda.",
    none: "Nessuno ha questo nome.",
    reasons: {
      NOT_ADMINISTRATOR: "non amministra nessun progetto",
      NOT_A_MEMBER: "non è in tutti i suoi progetti",
      CREATOR: "l'ha creato",
      other: "non può riceverlo",
    } as Record<string, string>,
    step: "Affida",
    done: (name: string, person: string) => `Ora ${name} è di ${person}.`,
  },
} satisfies Text;

export default it;

// The test of a webhook in Italian.

import type { Text } from "./en";

const it = {
  text: "Invia subito una richiesta vera e firmata. Nulla ne resta nel registro.",
  event: "Evento",
  combo: {
    list: "Eventi",
    none: "Nessun evento contiene questo testo.",
    count: (found: number) => `${found} trovati`,
    added: (label: string) => `${label} scelto`,
  },
  sample: "Esempio",
  sampleHint: "Ciò che è accaduto, in JSON. Modificalo per provare un caso tuo.",
  line: (line: number) => `Riga ${line}`,
  notJson: "Questo non è ancora JSON.",
  notObject: "Deve essere un oggetto con previousValue e currentValue.",
  reset: "Torna all'esempio",
  unread: "Non è stato possibile leggere l'esempio: la prova viene inviata comunque con quello.",
  send: "Invia prova",
  sending: (elapsed: string, most: string) => `Invio: ${elapsed} di al massimo ${most}`,
  off: "È disattivato; la prova viene inviata comunque.",
  result: "Che cosa è tornato",
  none: "Ancora nulla è stato inviato. Qui starà la risposta del destinatario, con il tempo impiegato.",
  accepted: (status: number, time: string) => `Accettata: ${status} dopo ${time}`,
  refused: (status: number, time: string) => `Non accettata: ${status} dopo ${time}`,
  failed: (time: string) => `Nessuna risposta dopo ${time}`,
  aged: "delle",
  time: "Dove è andato il tempo",
  phases: { dns: "Nome", connect: "Connessione", tls: "TLS", firstByte: "Primo byte", rest: "Resto" },
  reused: "La connessione è stata riutilizzata.",
  cut: {
    LIMIT: "Della risposta viene conservato solo l'inizio.",
    TIMEOUT: "Il resto della risposta non è arrivato in tempo.",
    BROKEN: "La connessione si è interrotta durante la risposta.",
  },
  view: "Risposta e richiesta",
  panels: { body: "Risposta", headers: "Le sue intestazioni", sent: "Richiesta", sentHeaders: "Le sue intestazioni, firmate" },
  emptyBody: "Il corpo della risposta è vuoto.",
  binary: "La risposta non è testo; questo è base64.",
  code: {
    view: "Come viene mostrato il corpo",
    readable: "Leggibile",
    exact: "Esatto",
    find: "Trova",
    none: "Non trovato",
    next: "Successivo",
    previous: "Precedente",
    found: (at: number, of: number) => `${at} di ${of}`,
  },
} satisfies Text;

export default it;

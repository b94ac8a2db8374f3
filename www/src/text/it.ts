// What every screen says, and the shell around them, in Italian.

import { plural } from "../lib/plural";
import type { Words } from "./en";

const count = (value: number): string => value.toLocaleString("it");

const it = {
  app: "Bluehook",
  skip: "Vai al contenuto",
  places: "Sezioni",
  where: "Dove sei",
  webhooks: "Webhook",
  docs: "Documentazione",
  keys: "Tasti",
  menu: "Menu",
  account: "Account",
  signOut: "Esci",
  back: "Indietro",
  home: "Vai ai tuoi webhook",
  reached: "Bluehook risponde di nuovo.",
  failure: {
    title: "Lettura non riuscita",
    tryAgain: "Riprova",
    details: "Dettagli",
    request: "Per l'assistenza:",
    unreachable: "Bluehook non risponde. Il tentativo si ripete da solo.",
    missing: "Questo webhook non esiste, o non è tuo.",
    unknown: "Bluehook non ha potuto farlo. Riprova.",
  },
  loading: "Caricamento",
  asOf: (time: string) => `Dati delle ${time}`,
  close: "Chiudi",
  cancel: "Annulla",
  copy: { copy: "Copia", copied: "Copiato", byHand: "Copia a mano", byHandHint: "Questo browser non permette a una pagina di copiare. Il testo è selezionato: premi Ctrl C.", close: "Chiudi" },
  health: {
    NEW: "Ancora nessuna consegna",
    WORKING: "Funziona",
    FAILING: "In difficoltà",
    LAGGING: "In ritardo",
    BROKEN: "Disattivato",
    OFF: "Spento",
  },
  offBy: {
    you: (date: string) => `da te, ${date}`,
    person: (name: string, date: string) => `da ${name}, ${date}`,
    service: (date: string) => `da Blue, ${date}`,
    unknown: "motivo non registrato",
    gone: "il destinatario ha risposto 410: non vuole altro",
    membership: "chi l'ha creato non è più in nessuno dei suoi progetti",
    projectDeleted: "il suo ultimo progetto è stato cancellato",
    exhausted: "tutti i tentativi di una consegna non sono riusciti",
    healthCheck: "la verifica prima dell'attivazione non è riuscita",
  },
  lagging: (age: string) => `la più vecchia è di ${age}`,
  held: (held: number, exact: boolean) =>
    `${exact ? "" : "almeno "}${count(held)} ${plural("it", held, { one: "trattenuta", other: "trattenute" })}`,
  waiting: (waiting: number) => `${count(waiting)} in attesa`,
  webhookName: (name: string | null) => name ?? "Webhook senza nome",
  someone: "chi l'ha creato",
  switchOn: "Attiva",
  switchOff: "Disattiva",
  switchOf: (name: string) => `${name}: attivo`,
  stillOff: (met: string) => `Ancora disattivato: ${met}`,
  met: {
    answered: (status: number, time: string) => `la verifica ha ricevuto ${status} dopo ${time}.`,
    failed: (detail: string) => `la verifica non è riuscita. ${detail}`,
    unseen: "la verifica non è riuscita.",
    mend: "Correggi il destinatario, poi riprova.",
  },
  switchedOn: (name: string) => `${name} è attivo.`,
  switchedOff: (name: string) => `${name} è disattivato. Ciò che accade ora viene trattenuto.`,
  onlyCreator: (name: string) => `Può farlo solo ${name}.`,
  mayNot: "Non puoi farlo.",
  needs: {
    MEMBER: "Chi l'ha creato non è in nessuno dei suoi progetti. Quando vi torna, o quando il webhook viene affidato, si può attivare.",
    PROJECTS: "I progetti scelti non esistono più. Scegline altri in Impostazioni, poi attivalo.",
  },
  activity: (succeeded: number, failed: number, worst: string | null) =>
    succeeded + failed === 0
      ? "Nulla nelle ultime 24 ore"
      : `${count(succeeded)} consegnate, ${count(failed)} non riuscite in 24 ore${worst === null ? "" : `, ora peggiore ${worst}`}`,
  deliveries: (total: number) => `${count(total)} ${plural("it", total, { one: "consegna", other: "consegne" })}`,
} satisfies Words;

export default it;

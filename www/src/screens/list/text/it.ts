// The list in Italian.

import { plural } from "../../../lib/plural";
import type { Text } from "./en";

const count = (value: number): string => value.toLocaleString("it");

const it = {
  title: "Webhook",
  used: (on: number, most: number) => `${count(on)} di ${count(most)} attivi`,
  create: "Nuovo webhook",
  search: "Cerca",
  searchHint: "Nome o host",
  scope: "Di chi",
  scopes: { own: "I miei", company: "Azienda" },
  filter: "Stato",
  filtered: (chosen: number) => `Stato: ${chosen}`,
  states: { WORKING: "Funziona", FAILING: "In difficoltà", LAGGING: "In ritardo", OFF: "Spento", NEW: "Ancora nessuna consegna" },
  clear: "Togli i filtri",
  columns: {
    name: "Nome",
    health: "Stato",
    activity: "Ultime 24 ore",
    deliveries: "Consegne",
    last: "Ultima",
    on: "Attivo",
  },
  allEvents: "tutti gli eventi",
  events: (chosen: number) => `${chosen} ${plural("it", chosen, { one: "evento", other: "eventi" })}`,
  allProjects: "tutti i progetti",
  projects: (chosen: number) => `${chosen} ${plural("it", chosen, { one: "progetto", other: "progetti" })}`,
  of: (name: string) => `di ${name}`,
  none: "—",
  noneYet: "ancora nessuna",
  summary: (shown: number) => `${count(shown)} webhook`,
  mayNotCreate: {
    NOT_ADMINISTRATOR: (company: string) => `Non amministri nessun progetto di ${company}. Chiedi a un amministratore di creare i webhook.`,
    LIMIT: (on: number, most: number) => `${count(on)} di ${count(most)} sono attivi: disattivane o cancellane uno.`,
    LIMIT_ALL: (all: number, most: number) => `Ci sono ${count(all)} webhook su ${count(most)}: cancellane uno.`,
  },
  empty: {
    title: "Ancora nessun webhook",
    text: "Un webhook invia a un altro sistema ciò che accade nei tuoi progetti.",
    receiver: "Scrivi un destinatario in cinque righe",
    listen: "Ancora nessun destinatario? Questo funziona in un terminale e mostra ciò che arriva:",
  },
  noMatch: { title: "Nessun webhook corrisponde", text: "Nessuno ha queste parole e questo stato." },
  refresh: "Aggiorna",
} satisfies Text;

export default it;

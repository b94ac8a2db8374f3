// What the shell says now and then, in Italian: of sessions, of a server that is away, of keys.

import type { Text } from "./en";

const it = {
  signOutAnyway: "Esci e perdi ciò che non è salvato",
  unsaved: "Ciò che hai scritto e non hai salvato va perso.",
  notFound: {
    title: "Questa pagina non esiste",
    text: "A questo indirizzo non c'è nulla.",
  },
  signedOut: {
    title: "Non hai effettuato l'accesso",
    text: "Apri le impostazioni da Blue: il link che trovi lì ti fa accedere. Funziona una volta sola, per cinque minuti.",
    again: "Ho effettuato l'accesso",
  },
  sessionOver: {
    title: "La sessione è terminata",
    text: "Ciò che hai scritto resta in questa pagina: accedi di nuovo da Blue, poi continua qui.",
    again: "Ho effettuato di nuovo l'accesso",
    still: "Nessuno ha ancora effettuato l'accesso.",
    look: "Guarda la pagina",
  },
  anotherPerson: {
    title: (name: string) => `Ora l'accesso è di ${name}`,
    text: (before: string, name: string) =>
      `Questa pagina è di ${before}. Se continui come ${name}, ciò che è stato scritto qui va perso; oppure accedi di nuovo come ${before} in un'altra scheda.`,
    accept: (name: string) => `Continua come ${name}`,
    look: "Guarda la pagina",
  },
  lost: {
    title: (since: string) => `Bluehook non risponde dalle ${since}.`,
    next: "Prossimo tentativo tra",
    now: "Nuovo tentativo in corso",
    tryNow: "Riprova ora",
    waits: "In attesa che Bluehook risponda di nuovo.",
  },
  keyList: {
    title: "Tasti",
    off: "I tasti singoli sono disattivati. Attivali in Account.",
    keys: [
      ["?", "Mostra questi tasti"],
      ["/", "Cerca"],
      ["n", "Nuovo webhook"],
      ["j k", "Riga successiva, precedente"],
      ["Invio", "Apri la riga"],
      ["Esc", "Chiudi"],
      ["g w", "Vai ai tuoi webhook"],
      ["g a", "Vai al tuo account"],
    ] as [string, string][],
  },
} satisfies Text;

export default it;

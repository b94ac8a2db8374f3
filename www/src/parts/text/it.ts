// Un segreto, mostrato una volta, in italiano.

import type { OnceText } from "./en";

const it = {
  title: "Il segreto di questo webhook",
  once: "Copia il segreto adesso: viene mostrato solo questa volta. Se lo perdi, sostituiscilo.",
  secret: "Segreto",
  copySecret: "Copia il segreto",
  variable: "Per un file di variabili",
  copyVariable: "Copia la riga per un file di variabili",
  node: "Per verificare in Node",
  copyNode: "Copia la riga di Node",
  stored: "L'ho conservato",
  close: "Chiudi",
  wasShown: "Il segreto è stato mostrato. Se lo hai perso, sostituiscilo.",
  replace: "Sostituiscilo",
  dismiss: "È conservato",
  duplicateTitle: "Era già stato creato",
  duplicate:
    "La risposta con il suo segreto si è persa per strada, e un segreto viene mostrato una volta sola. Sostituisci il segreto per vederne uno nuovo.",
  toSecret: "Vai al segreto",
} satisfies OnceText;

export default it;

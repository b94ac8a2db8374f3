// A secret, shown once, in English.

const en = {
  title: "The secret of this webhook",
  once: "Copy the secret now: it is shown only this once. If it gets lost, replace it.",
  secret: "Secret",
  copySecret: "Copy the secret",
  variable: "For a file of variables",
  copyVariable: "Copy the line for a file of variables",
  node: "To verify in Node",
  copyNode: "Copy the line of Node",
  stored: "I have stored it",
  close: "Close",
  wasShown: "The secret was shown. If it is lost, replace it.",
  replace: "Replace it",
  dismiss: "It is stored",
  duplicateTitle: "It was created already",
  duplicate: "The answer with its secret was lost on the way, and a secret is shown only once. Replace the secret to see a new one.",
  toSecret: "Go to the secret",
};

export type OnceText = typeof en;
export default en;

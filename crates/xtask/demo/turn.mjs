// The visitor's turn: a webhook of their own in the settings page, tested against the receiver of the demonstration.
import { createInterface } from "node:readline";

/** Says what to open; takes secrets and asks for new links on the terminal, and tells what arrives, until it is closed. */
export async function takeTurns({ receiver, link, say }) {
  say("Your turn, in the settings page:");
  console.log(`     open           ${await link()}`);
  console.log(`     new webhook    with the URL ${receiver.url}`);
  console.log("     its secret     paste it here and press Enter; then press “Send test” in the page");
  console.log("\n     Enter alone gives a new link (each works once, for five minutes); Ctrl-C ends.\n");
  receiver.onDelivery(tell);
  return createInterface({ input: process.stdin }).on("line", (line) => void answer(line.trim(), { receiver, link }));
}

async function answer(line, { receiver, link }) {
  if (line === "") return console.log(`     open           ${await link()}`);
  try {
    receiver.trust(line);
    console.log("     The receiver knows this secret now.");
  } catch (error) {
    console.log(`     This is no secret: ${error.message}`);
  }
}

function tell({ event, error }) {
  if (error === undefined) console.log(`     Arrived and verified: ${event.event}`);
  else console.log(`     Arrived, but its secret is not known here: paste it (${error.message})`);
}

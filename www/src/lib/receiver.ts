// What a receiver needs, to copy: the variable with its secret, and a few lines of Node that verify what comes.

/** Where a receiver finds its secret. */
export const VARIABLE = "BLUEHOOK_SECRET";

/** A whole receiver. Without a secret there is nothing to verify. */
export function receiverOf(signed: boolean): string {
  return signed ? VERIFYING : TRUSTING;
}

const VERIFYING = `// npm install bluehook; node --env-file=.env receiver.mjs
import { createServer } from "node:http";
import { webhookHandler } from "bluehook/express";

createServer(webhookHandler(process.env.${VARIABLE}, (event) => {
  console.log(event.event, event.currentValue ?? event.previousValue);
})).listen(3000);
`;

const TRUSTING = `// node receiver.mjs: nothing is signed, so anyone could send this
import { createServer } from "node:http";

createServer(async (request, response) => {
  const event = JSON.parse(Buffer.concat(await request.toArray()));
  console.log(event.event, event.currentValue ?? event.previousValue);
  response.writeHead(204).end();
}).listen(3000);
`;

/** The line that checks a request, for who has a receiver already. */
export const VERIFY = `const event = new Webhook(process.env.${VARIABLE}).verify(rawBody, request.headers);`;

/** A line for a file of variables, in the quotes that keep the secret as it is. */
export function variableLine(secret: string): string {
  if (/^[\w+/=.-]*$/.test(secret)) return `${VARIABLE}=${secret}`;
  const quote = ["'", '"', "`"].find((mark) => !secret.includes(mark)) ?? "'";
  return `${VARIABLE}=${quote}${secret}${quote}`;
}

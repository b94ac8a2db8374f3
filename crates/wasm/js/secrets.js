// The secrets of a `Webhook`: text, a list of texts, or a function that gives either, asked for each request.

import { WebhookVerificationError } from "./errors.js";
import { kindOf } from "./options.js";
import { secretLengths, secretProblems } from "#texts";

const HINT = "Pass the secret that was shown when the webhook was made; if it comes from the environment, is the variable set?";

// What a `Webhook` keeps: a list that was checked, or a function. Those that are absent are not refused yet, but asked for
// again: builds load modules without their environment.
export function kept(secret) {
  if (typeof secret === "function") return secret;
  const list = Array.isArray(secret) ? [...secret] : [secret];
  const present = list.filter((one) => !isMissing(one));
  if (present.length > 0 || list.length === 0) listOf(present);
  return present.length === list.length ? list : () => list;
}

// The secrets for a request, as a list.
export function secretsNow(secret) {
  if (typeof secret !== "function") return secret;
  let given;
  try {
    given = secret();
  } catch (cause) {
    throw badSecret("the function that gives the secret threw", "What it threw is error.cause.", { cause });
  }
  if (typeof given?.then === "function") {
    given.then(undefined, () => undefined);
    throw badSecret("the function that gives the secret gave a promise", "A Webhook does not wait: await the secret first, or use an adapter, which does.");
  }
  return listOf(given);
}

function listOf(secret) {
  const secrets = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0) throw badSecret("no secret was given: the list is empty");
  for (const one of secrets) {
    const problem = isMissing(one) ? `no secret was given: found ${one === "" ? "an empty text" : one}` : problemOf(one);
    if (problem !== undefined) throw badSecret(problem);
  }
  return secrets;
}

const isMissing = (secret) => secret === undefined || secret === null || secret === "";

// Counted here, before there is a core.
function problemOf(secret) {
  if (typeof secret !== "string") return `a secret is text, found ${kindOf(secret)}`;
  const [least, most] = secretLengths;
  if (secret.length >= least * 2 && secret.length <= most) return undefined;
  const { length } = secret.length > most * 2 ? secret : [...secret];
  if (length < least) return secretProblems[0];
  return length > most ? secretProblems[1] : undefined;
}

function badSecret(problem, hint = HINT, options) {
  return new WebhookVerificationError("BAD_SECRET", problem, hint, options);
}

// What the form sees by itself. Everything else is the core's or the server's to say.

import { secretFault } from "../../lib/secret";
import type { Fields } from "./fields";
import type { Place } from "./places";
import type { SecretChoice } from "./secret-choice";
import type { FormText } from "./text/en";

export type Faults = Partial<Record<Place, string>>;

/** What is missing or cannot be, by field. */
export function faultsOf(fields: Fields, secret: SecretChoice | undefined, text: FormText): Faults {
  const faults: Faults = {};
  const url = urlFault(fields.url.trim(), text);
  if (url !== undefined) faults.url = url;
  if (!fields.all && fields.events.length === 0) faults.events = text.chooseEvent;
  if (!fields.allProjects && fields.projectIds.length === 0) faults.projectIds = text.chooseProject;
  if (secret?.kind === "own") {
    const fault = secretFault(secret.own);
    if (fault !== undefined) faults.secret = text.secretFaults[fault];
  }
  if (fields.rate.trim() !== "" && !/^[1-9]\d{0,8}$/.test(fields.rate.trim())) faults.rateLimitPerSecond = text.rateFault;
  const headers = headerFault(fields, text);
  if (headers !== undefined) faults.headers = headers;
  return faults;
}

/** The scheme can be seen by anyone; what else an address needs, the server says when the field is left. */
function urlFault(url: string, text: FormText): string | undefined {
  if (url === "") return text.urlMissing;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return text.urlScheme;
  return scheme === "http" || scheme === "https" ? undefined : text.urlOtherScheme(scheme);
}

function headerFault({ headers }: Fields, text: FormText): string | undefined {
  const names = headers.map(({ name }) => name.trim().toLowerCase());
  if (headers.some(({ name, value }) => name.trim() === "" && value !== "")) return text.headerNameless;
  const twice = names.find((name, at) => name !== "" && names.indexOf(name) !== at);
  if (twice !== undefined) return text.headerTwice(twice);
  return headers.some(({ name, value, kept }) => name.trim() !== "" && !kept && value === "") ? text.headerEmpty : undefined;
}

// The one way to the server: JSON in and out, refusals as exceptions, the language and the anti-forgery word sent along.

import { problemIn, Unreachable } from "./problem";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface Call {
  /** What stands in braces in the path. */
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  etag?: string | undefined;
  /** Makes it happen once, however often it is sent. */
  key?: string;
  signal?: AbortSignal | undefined;
}

export interface Answer<T> {
  data: T;
  etag: string | undefined;
}

/** What every request takes along, and who hears how it ended. Set once by the session. */
export const around = {
  csrf: undefined as string | undefined,
  language: "en",
  /** After each answer: the server is there. */
  reached: () => {},
  /** Nothing answered. */
  lost: () => {},
  /** 401: nobody is signed in now. */
  signedOut: () => {},
};

/** Asks the server; throws a `Problem` or `Unreachable`. */
export async function ask<T>(method: Method, path: string, call: Call = {}): Promise<Answer<T>> {
  const response = await send(method, address(path, call), call);
  if (!response.ok) {
    if (response.status === 401) around.signedOut();
    throw await problemIn(response);
  }
  const data = response.status === 204 ? undefined : await response.json();
  return { data: data as T, etag: response.headers.get("etag") ?? undefined };
}

async function send(method: Method, url: string, { body, etag, key, signal }: Call): Promise<Response> {
  const headers = new Headers({ accept: "application/json", "accept-language": around.language });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (etag !== undefined) headers.set("if-match", etag);
  if (key !== undefined) headers.set("idempotency-key", key);
  if (method !== "GET" && around.csrf !== undefined) headers.set("x-bluehook-csrf", around.csrf);
  const options: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) options.body = typeof body === "string" ? body : JSON.stringify(body);
  if (signal !== undefined) options.signal = signal;
  try {
    const response = await fetch(url, options);
    // What a proxy says for a server that is away.
    if ([502, 503, 504].includes(response.status) && !isProblem(response)) throw new Unreachable(`HTTP ${response.status}`);
    around.reached();
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    around.lost();
    throw error instanceof Unreachable ? error : new Unreachable(String(error));
  }
}

function isProblem(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("application/problem+json") ?? false;
}

function address(template: string, { path = {}, query = {} }: Call): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search === "" ? filled : `${filled}?${search}`;
}

// Every address of the app: a name, a path, what the path holds.

export const ROUTES = {
  home: "/",
  webhooks: "/webhooks",
  newWebhook: "/webhooks/new",
  webhook: "/webhooks/{id}",
  settings: "/webhooks/{id}/settings",
  secret: "/webhooks/{id}/secret",
  test: "/webhooks/{id}/test",
  account: "/account",
  gallery: "/gallery",
} as const;

export type RouteName = keyof typeof ROUTES;

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** What a route's path holds: `{id: string}`. */
export type Params<Name extends RouteName> = Record<Names<(typeof ROUTES)[Name]>, string>;

export type Query = Record<string, string | undefined>;

type Given<Name extends RouteName> = [Names<(typeof ROUTES)[Name]>] extends [never]
  ? [params?: Record<string, never>, query?: Query]
  : [params: Params<Name>, query?: Query];

/** The address of a route. */
export function href<Name extends RouteName>(name: Name, ...[params, query]: Given<Name>): string {
  const given: Record<string, string> = params ?? {};
  const path = ROUTES[name].replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(given[part] ?? ""));
  return path + search(query ?? {});
}

/** The part after the path; empty values have no place in it. */
export function search(query: Query): string {
  const set = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  // Commas part words in our addresses; they are read better as they are.
  const text = new URLSearchParams(set).toString().replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

export interface Match {
  name: RouteName;
  params: Record<string, string>;
}

const PATTERNS = (Object.entries(ROUTES) as [RouteName, string][]).map(([name, path]) => ({
  name,
  // Those without a part in braces come first: `/webhooks/new` is nobody's id.
  fixed: !path.includes("{"),
  pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`),
}));

/** The route of a path, if it is one of ours. */
export function match(path: string): Match | undefined {
  for (const fixed of [true, false]) {
    for (const { name, pattern } of PATTERNS.filter((route) => route.fixed === fixed)) {
      const found = pattern.exec(path);
      if (found !== null) return { name, params: decoded(found.groups ?? {}) };
    }
  }
  return undefined;
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

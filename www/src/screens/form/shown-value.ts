// The value of a field as one reads it, for comparing two.

import type { Project } from "../../api/types";
import { EVENTS } from "../../text/events";
import type { Fields, Name } from "./fields";
import type { FormText } from "./text/en";

/** Names instead of ids, words instead of codes. */
export function shownValue(fields: Fields, name: Name, projects: readonly Project[], language: "en" | "it", text: FormText): string {
  const list = (values: string[]): string => new Intl.ListFormat(language).format(values);
  const or = (value: string): string => (value === "" ? text.values.nothing : value);
  const shown: Record<Name, () => string> = {
    name: () => or(fields.name),
    url: () => or(fields.url),
    events: () => (fields.all ? text.values.all : list(fields.events.map((event) => EVENTS.get(event)?.[language] ?? event))),
    projectIds: () =>
      fields.allProjects
        ? text.values.all
        : list(fields.projectIds.map((id) => projects.find((project) => project.id === id)?.name ?? id)),
    payloadFormat: () => text.formats[fields.format],
    filter: () => (fields.filter.trim() === "" ? text.values.none : fields.filter.trim()),
    description: () => or(fields.description),
    headers: () => (fields.headers.length === 0 ? text.values.none : list(fields.headers.map((header) => header.name))),
    rateLimitPerSecond: () => (fields.rate === "" ? text.values.none : text.moreSome.rate(fields.rate)),
  };
  return shown[name]();
}

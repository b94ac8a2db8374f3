// Which field of the form a problem belongs to, by its JSON Pointer.

import type { FieldProblem } from "../../api/problem";
import type { Name } from "./fields";

/** A field of the form, by the API's name. */
export type Place = Name | "secret";

/** All of them, in the order of the form. */
export const PLACES: readonly Place[] = [
  "name",
  "url",
  "events",
  "projectIds",
  "payloadFormat",
  "filter",
  "secret",
  "description",
  "headers",
  "rateLimitPerSecond",
];

/** The element that focus goes to. */
export const ELEMENTS: Record<Place, string> = {
  name: "form-name",
  url: "form-url",
  events: "form-events",
  projectIds: "form-projects",
  payloadFormat: "form-format",
  filter: "form-filter",
  secret: "form-secret",
  description: "form-description",
  headers: "form-headers",
  rateLimitPerSecond: "form-rate",
};

/** The field that claims a pointer, if any does. */
export function placeOfPointer(pointer: string): Place | undefined {
  const [, first] = pointer.split("/");
  return PLACES.find((place) => place === first);
}

/** Those of one field. */
export function problemsAt(problems: readonly FieldProblem[], place: Place): FieldProblem[] {
  return problems.filter(({ pointer }) => placeOfPointer(pointer) === place);
}

/** Leads to a field, also into a section that is closed. */
export function goTo(place: Place): void {
  const element = document.getElementById(ELEMENTS[place]);
  const section = element?.closest("details");
  if (section) section.open = true;
  element?.focus();
  element?.scrollIntoView({ block: "center" });
}

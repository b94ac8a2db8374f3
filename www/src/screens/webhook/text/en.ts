// A webhook's frame in English.

import { plural } from "../../../lib/plural";

const count = (value: number): string => value.toLocaleString("en");
const deliveries = (value: number): string => `${count(value)} ${plural("en", value, { one: "delivery", other: "deliveries" })}`;

const en = {
  tabs: { label: "This webhook", settings: "Settings", secret: "Secret", test: "Test" },
  sendTest: "Send test",
  more: "More",
  copyOf: "Make a copy",
  handOver: "Hand over…",
  remove: "Delete…",
  banner: {
    off: (date: string, cause: string) => `Switched off on ${date}: ${cause}`,
    offOnce: "Switched off",
    offSince: (date: string) => `Switched off on ${date}`,
    failing: "Deliveries fail",
    lagging: "Deliveries come late",
    cure: {
      TLS: "Renew it, then switch on: a check is sent first.",
      DNS: "Mend the name, or enter another URL under Settings, then switch on: a check is sent first.",
      BLOCKED_ADDRESS: "Enter a URL that can be reached from the internet under Settings, then switch on.",
      HTTP_3XX: "Enter the URL that it leads to under Settings, then switch on.",
      HTTP_4XX: "Mend what the receiver refuses, then switch on: a check is sent first.",
      other: "Mend the receiver, then switch on: a check is sent first.",
      GONE: "Switch on only if the receiver wants to hear from Blue again.",
    },
    failingCure: (attempts: number) => `Each delivery is tried ${attempts} times. When one has used them all, the webhook is switched off.`,
    laggingCure: "Nothing is lost: the receiver takes less than happens.",
    held: (held: string, until: string) => `${held}, the oldest until ${until}.`,
    showAnswer: "Show the last answer",
    meaning: "What does this mean?",
  },
  answer: {
    title: "The last answer",
    none: "Nothing was answered.",
    headers: "Headers",
    body: "Body",
    empty: "The body is empty.",
    cut: "Only the beginning is kept.",
  },
  notMine: (name: string) => `This webhook belongs to ${name}. You can see how it fares and switch it off.`,
  delete: {
    title: (name: string) => `Delete “${name}”?`,
    nothing: "Nothing waits or is held. The log stays until its time is over.",
    loses: (waiting: number, held: number, exact: boolean) =>
      [
        waiting > 0 && `${deliveries(waiting)} that ${plural("en", waiting, { one: "waits is", other: "wait are" })} cancelled.`,
        held > 0 && `${exact ? "" : "At least "}${count(held)} held ${plural("en", held, { one: "delivery is", other: "deliveries are" })} lost.`,
      ]
        .filter(Boolean)
        .join(" "),
    log: (date: string) => `The log stays until ${date}.`,
    type: (name: string) => `Type ${name} to confirm`,
    differs: "This is not its name.",
    step: "Delete webhook",
    done: (name: string) => `${name} is deleted.`,
  },
  hand: {
    title: (name: string) => `Hand over “${name}”`,
    text: "The other person becomes its creator: they see it, change it and receive its mail. You do not any more.",
    who: "To whom",
    find: "Search",
    nobody: "Nobody else administers a project of the company.",
    none: "Nobody has this name.",
    reasons: {
      NOT_ADMINISTRATOR: "administers no project",
      NOT_A_MEMBER: "is not in all of its projects",
      CREATOR: "is its creator",
      other: "may not take it over",
    } as Record<string, string>,
    step: "Hand over",
    done: (name: string, person: string) => `${name} belongs to ${person} now.`,
  },
};

export type Text = typeof en;
export default en;

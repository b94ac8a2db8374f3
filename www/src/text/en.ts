// What every screen says, and the shell around them, in English.

import { plural } from "../lib/plural";

const count = (value: number): string => value.toLocaleString("en");

const en = {
  app: "Bluehook",
  skip: "Skip to the content",
  places: "Places",
  where: "Where you are",
  webhooks: "Webhooks",
  docs: "Docs",
  keys: "Keys",
  menu: "Menu",
  account: "Account",
  signOut: "Sign out",
  back: "Back",
  home: "Go to your webhooks",
  reached: "Bluehook answers again.",
  failure: {
    title: "This could not be read",
    tryAgain: "Try again",
    details: "Details",
    request: "For support:",
    unreachable: "Bluehook does not answer. It is tried again by itself.",
    missing: "There is no such webhook, or it is not yours.",
    unknown: "Bluehook could not do this. Try again.",
  },
  loading: "Loading",
  asOf: (time: string) => `As of ${time}`,
  close: "Close",
  cancel: "Cancel",
  copy: { copy: "Copy", copied: "Copied", byHand: "Copy it by hand", byHandHint: "This browser does not let a page copy. The text is selected: press Ctrl C.", close: "Close" },
  health: {
    NEW: "No deliveries yet",
    WORKING: "Working",
    FAILING: "Failing",
    LAGGING: "Behind",
    BROKEN: "Switched off",
    OFF: "Off",
  },
  offBy: {
    you: (date: string) => `by you, ${date}`,
    person: (name: string, date: string) => `by ${name}, ${date}`,
    service: (date: string) => `by Blue, ${date}`,
    unknown: "reason not recorded",
    gone: "the receiver answered 410: it wants no more",
    membership: "its creator is in none of its projects any more",
    projectDeleted: "its last project was deleted",
    exhausted: "every attempt of a delivery failed",
    healthCheck: "the check before switching on failed",
  },
  lagging: (age: string) => `the oldest came ${age}`,
  held: (held: number, exact: boolean) => `${exact ? "" : "at least "}${count(held)} held`,
  waiting: (waiting: number) => `${count(waiting)} waiting`,
  webhookName: (name: string | null) => name ?? "Webhook without a name",
  someone: "its creator",
  switchOn: "Switch on",
  switchOff: "Switch off",
  switchOf: (name: string) => `${name}: on`,
  stillOff: (met: string) => `Still off: ${met}`,
  met: {
    answered: (status: number, time: string) => `the check was answered with ${status} after ${time}.`,
    failed: (detail: string) => `the check failed. ${detail}`,
    unseen: "the check failed.",
    mend: "Mend the receiver, then try again.",
  },
  switchedOn: (name: string) => `${name} is on.`,
  switchedOff: (name: string) => `${name} is off. What happens now is held.`,
  onlyCreator: (name: string) => `Only ${name} may do this.`,
  mayNot: "You may not do this.",
  needs: {
    MEMBER: "Its creator is in none of its projects. Once they are back, or it is handed over, it can be switched on.",
    PROJECTS: "The projects that it chose are gone. Choose others under Settings, then switch it on.",
  },
  activity: (succeeded: number, failed: number, worst: string | null) =>
    succeeded + failed === 0
      ? "Nothing in the last 24 hours"
      : `${count(succeeded)} delivered, ${count(failed)} failed in 24 hours${worst === null ? "" : `, worst at ${worst}`}`,
  deliveries: (total: number) => `${count(total)} ${plural("en", total, { one: "delivery", other: "deliveries" })}`,
};

export type Words = typeof en;
export default en;

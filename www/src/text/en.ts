// What every screen says, and the shell around them, in English.

import { plural } from "../lib/plural";

const count = (value: number): string => value.toLocaleString("en");

const en = {
  app: "Bluehook",
  skip: "Skip to the content",
  places: "Places",
  webhooks: "Webhooks",
  docs: "Docs",
  keys: "Keys",
  menu: "Menu",
  account: "Account",
  signOut: "Sign out",
  signOutAnyway: "Sign out and lose what is not saved",
  unsaved: "What you typed and did not save is lost.",
  back: "Back",
  notFound: {
    title: "There is no such page",
    text: "Nothing is at this address.",
    home: "Go to your webhooks",
  },
  signedOut: {
    title: "Nobody is signed in",
    text: "Open the settings from Blue: the link there signs you in. It works once, for five minutes.",
    again: "I have signed in",
  },
  sessionOver: {
    title: "Your session has ended",
    text: "What you typed stays on this page: sign in again from Blue, then go on here.",
    again: "I have signed in again",
    still: "Nobody is signed in yet.",
    look: "Look at the page",
  },
  anotherPerson: {
    title: (name: string) => `${name} is signed in now`,
    text: (before: string, name: string) =>
      `This page belongs to ${before}. Go on as ${name} and what was typed here is thrown away; or sign in as ${before} again, in another tab.`,
    accept: (name: string) => `Go on as ${name}`,
    look: "Look at the page",
  },
  lost: {
    title: (since: string) => `Bluehook has not answered since ${since}.`,
    next: "Next try in",
    now: "Trying now",
    tryNow: "Try now",
    back: "Bluehook answers again.",
    waits: "Waits until Bluehook answers again.",
  },
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
  keyList: {
    title: "Keys",
    off: "Single keys are off. Switch them on under Account.",
    keys: [
      ["?", "Show these keys"],
      ["/", "Search"],
      ["n", "New webhook"],
      ["j k", "Next, previous row"],
      ["Enter", "Open the row"],
      ["Esc", "Close"],
      ["g w", "Go to your webhooks"],
      ["g a", "Go to your account"],
    ] as [string, string][],
  },
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
  lagging: (age: string) => `the oldest waits since ${age}`,
  held: (held: number, exact: boolean) => `${exact ? "" : "at least "}${count(held)} held`,
  waiting: (waiting: number) => `${count(waiting)} waiting`,
  webhookName: (name: string | null) => name ?? "Webhook without a name",
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

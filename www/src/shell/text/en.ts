// What the shell says now and then, in English: of sessions, of a server that is away, of keys.

const en = {
  signOutAnyway: "Sign out and lose what is not saved",
  unsaved: "What you typed and did not save is lost.",
  notFound: {
    title: "There is no such page",
    text: "Nothing is at this address.",
  },
  signedOut: {
    title: "You are not signed in",
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
    waits: "Waits until Bluehook answers again.",
  },
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
};

export type Text = typeof en;
export default en;

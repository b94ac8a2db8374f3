// The test of a webhook in English.

const en = {
  text: "Sends a real, signed request now. Nothing of it is in the log.",
  event: "Event",
  combo: {
    list: "Events",
    none: "No event has this in its name.",
    count: (found: number) => `${found} found`,
    added: (label: string) => `${label} chosen`,
  },
  sample: "Sample",
  sampleHint: "What happened, as JSON. Change it to try a case of your own.",
  line: (line: number) => `Line ${line}`,
  notJson: "This is not JSON yet.",
  notObject: "This has to be an object with previousValue and currentValue.",
  reset: "Back to the sample",
  unread: "The sample could not be read: the test is sent with it all the same.",
  send: "Send test",
  sending: (elapsed: string, most: string) => `Sending: ${elapsed} of at most ${most}`,
  off: "It is switched off; a test is sent all the same.",
  result: "What came back",
  none: "Nothing was sent yet. The answer of the receiver will stand here, with what it took.",
  accepted: (status: number, time: string) => `Accepted: ${status} after ${time}`,
  refused: (status: number, time: string) => `Not accepted: ${status} after ${time}`,
  failed: (time: string) => `No answer after ${time}`,
  aged: "as of",
  time: "Where the time went",
  phases: { dns: "Name", connect: "Connection", tls: "TLS", firstByte: "First byte", rest: "Rest" },
  reused: "The connection was reused.",
  cut: {
    LIMIT: "Only the beginning of the answer is kept.",
    TIMEOUT: "The rest of the answer did not come in time.",
    BROKEN: "The connection broke within the answer.",
  },
  view: "Answer and request",
  panels: { body: "Answer", headers: "Its headers", sent: "Request", sentHeaders: "Its headers, signed" },
  emptyBody: "The body of the answer is empty.",
  binary: "The answer is no text; this is base64.",
  code: {
    view: "How the body is shown",
    readable: "Readable",
    exact: "Exact",
    find: "Find",
    none: "Not found",
    next: "Next",
    previous: "Previous",
    found: (at: number, of: number) => `${at} of ${of}`,
  },
};

export type Text = typeof en;
export default en;

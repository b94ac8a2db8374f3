import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook, changes, on } from "bluehook";
import { InvalidInputError, events, matchFilter, preview, sample, sampleEvent, validateFilter } from "bluehook/preview";
import { schema } from "bluehook/schemas";
import { delivery, deliveries, healthCheck, kinds, SECRET } from "bluehook/testing";

const parts = ({ body, headers }) => [body, headers];
const WEBHOOK = { url: "https://example.com/" };

test("the catalogue, its samples and schemas", () => {
  assert.equal(events.length, 37);
  for (const { event, description } of events) {
    assert.ok(description.length > 5);
    assert.equal(typeof sample(event).id, "string");
    assert.equal(typeof schema(event), "object");
  }
  assert.equal(schema("NOTHING"), undefined);
  assert.throws(() => sample("TODO_CREATD"), /TODO_CREATED/);
});

test("what is given away is the caller's to change", () => {
  for (const give of [sample, sampleEvent, schema]) {
    const expected = structuredClone(give("TODO_TAG_ADDED"));
    for (const name of Object.keys(expected)) give("TODO_TAG_ADDED")[name] = "changed";
    assert.deepEqual(give("TODO_TAG_ADDED"), expected);
  }
  assert.throws(() => (events[0].event = "changed"), TypeError);
});

test("texts are of any length, in any script", () => {
  const title = "è 😀 ".repeat(500_000);
  const event = sampleEvent("TODO_CREATED");
  event.currentValue.title = title;
  const { body, size } = preview({ webhook: WEBHOOK, event });
  assert.equal(JSON.parse(body).currentValue.title, title);
  assert.equal(size, Buffer.byteLength(body));
  assert.equal(matchFilter({ currentValue: { title: { $startsWith: "è 😀 è" } } }, event).matches, true);
  const reason = "EOF while parsing a value";
  const problem = { pointer: "", code: "NOT_JSON", params: { found: reason, at: { line: 1, column: 0 } } };
  const english = `not valid JSON: ${reason} (line 1, column 0)`;
  const italian = "JSON non valido: finisce troppo presto (riga 1, colonna 0)";
  assert.deepEqual(validateFilter(""), [{ ...problem, detail: english }]);
  assert.deepEqual(validateFilter("", { language: "it" }), [{ ...problem, detail: italian }]);
  assert.throws(() => preview({ webhook: {}, event: 1 }, { language: "it" }), /un oggetto/);
});

test("whether it would be sent, and why not", () => {
  const event = sampleEvent("TODO_CREATED");
  assert.equal(preview({ webhook: WEBHOOK, event }).matches, true);
  const { matches, why } = preview({ webhook: { ...WEBHOOK, events: ["TAG_CREATED"] }, event });
  assert.equal(matches, false);
  assert.deepEqual(Object.keys(why), ["code", "en", "it"]);
});

test("settings that do not exist are refused by name", () => {
  const event = sampleEvent("TODO_CREATED");
  for (const name of ["secrt", "deliveryID", 'a"b']) {
    assert.throws(() => preview({ webhook: WEBHOOK, event, [name]: "x" }), { name: "TypeError", message: `preview: no option is called ${name}; there are secret, nextSecret, creatorIsMember, deliveryId, now` });
  }
  for (const ask of [(options) => preview({ webhook: WEBHOOK, event }, options), (options) => matchFilter({}, event, options), (options) => validateFilter({}, options)]) {
    assert.throws(() => ask({ lang: "it" }), { name: "TypeError", message: /no option is called lang; there are language/ });
    ask({ language: "it" });
  }
  const now = new Date(1_700_000_000_000);
  assert.equal(preview({ webhook: WEBHOOK, event, now, secret: SECRET }).headers["webhook-timestamp"], "1700000000");
  assert.throws(() => preview({ webhook: WEBHOOK, event, now: () => 1 }), { name: "TypeError", message: /now: expected a value that JSON has, found a function/ });
});

test("every problem at once", () => {
  assert.throws(() => preview({ webhook: { url: 7 }, event: { event: "NOTHING" } }), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.ok(error.problems.length > 3);
    assert.ok(error.problems.some(({ pointer }) => pointer === "/webhook/url"));
    return true;
  });
  assert.throws(() => preview({ webhook: WEBHOOK, event: "{" }), InvalidInputError);
});

test("filters match and are validated", () => {
  const payload = { event: "TODO_CREATED", previousValue: null, currentValue: { done: true, title: "Bug 7" } };
  assert.equal(matchFilter({ currentValue: { title: { $startsWith: "Bug" } } }, payload).matches, true);
  const { matches, trace } = matchFilter({ currentValue: { done: false } }, payload);
  assert.equal(matches, false);
  assert.ok(trace.length > 0);
  assert.deepEqual(validateFilter({ currentValue: { done: true } }), []);
  assert.match(validateFilter({ currentValue: { done: { $equals: 1 } } })[0].pointer, /^\/currentValue\/done/);
  assert.throws(() => matchFilter("{", payload), InvalidInputError);
});

test("what an event changed", () => {
  const previousValue = { title: "A", "a/b~": 1, list: [1], todoList: { title: "x", id: 1 }, gone: null };
  const currentValue = { title: "B", "a/b~": 2, list: [1, 2], todoList: { title: "y", id: 1 }, ["__proto__x"]: 1 };
  assert.deepEqual(changes({ previousValue, currentValue }), [
    { pointer: "/title", previous: "A", current: "B" },
    { pointer: "/a~1b~0", previous: 1, current: 2 },
    { pointer: "/list", previous: [1], current: [1, 2] },
    { pointer: "/todoList/title", previous: "x", current: "y" },
    { pointer: "/gone", previous: null, current: undefined },
    { pointer: "/__proto__x", previous: undefined, current: 1 },
  ]);
  assert.deepEqual(changes({ previousValue: { l: [{ a: 1, b: 2 }] }, currentValue: { l: [{ b: 2, a: 1 }] } }), []);
  assert.deepEqual(changes({ event: "WEBHOOK_HEALTH_CHECK", webhook: {} }), []);
  assert.deepEqual(changes({ previousValue: null, currentValue: { a: 1 } }), [{ pointer: "/a", previous: undefined, current: 1 }]);
  assert.deepEqual(changes(sampleEvent("TODO_NAME_CHANGED")).find(({ pointer }) => pointer === "/title")?.pointer, "/title");
});

test("changes that JavaScript's numbers and stack do not hold", () => {
  const webhook = new Webhook(SECRET);
  const changed = (previous, current) => {
    const body = `{"event":"TODO_CREATED","previousValue":{"v":${previous}},"currentValue":{"v":${current}}}`;
    return changes(webhook.verify(body, webhook.sign(body))).map(({ pointer }) => pointer);
  };
  assert.deepEqual(changed("9007199254740993", "9007199254740992"), ["/v"]);
  assert.deepEqual(changed('[{"n":0.12345678901234567890}]', '[{"n":0.12345678901234567891}]'), ["/v"]);
  assert.deepEqual(changed("1e400", "1e401"), ["/v"]);
  for (const [one, other] of [["9007199254740993", "9007199254740993"], ["1.0", "1"], ["1e2", "100"], ['"9007199254740993"', '"9007199254740993"']]) {
    assert.deepEqual(changed(one, other), [], `${one} ${other}`);
  }
  const deep = (inside) => `${"[".repeat(20_000)}${inside}${"]".repeat(20_000)}`;
  assert.deepEqual(changed(deep("1"), deep("1")), []);
  assert.deepEqual(changed(deep("1"), deep("2")), ["/v"]);
  const nested = (inside) => `${'{"a":'.repeat(20_000)}${inside}${"}".repeat(20_000)}`;
  assert.equal(changed(nested("1"), nested("2")).length, 1);
});

test("a handler for each event", () => {
  const event = sampleEvent("TODO_CREATED");
  assert.equal(on(event, { TODO_CREATED: ({ event }) => event }), "TODO_CREATED");
  assert.equal(on(event, { TAG_CREATED: () => 1 }), undefined);
  assert.equal(on({ event: "constructor" }, {}), undefined);
  assert.equal(on({ TODO_CREATED: (_event, extra) => extra })(event, 7), 7);
  assert.throws(() => on(event, { TODO_CREATED: 1 }), /not a function/);
  assert.throws(() => on(event, { created: () => 1 }), /no event is called created/);
});

test("deliveries of every kind for every event get the code they name", () => {
  const webhook = new Webhook(SECRET);
  for (const { event } of events) {
    for (const [kind, { body, headers, code }] of Object.entries(deliveries(event))) {
      assert.equal(webhook.inspect(body, headers).code, code, `${event} ${kind}`);
    }
  }
  assert.equal(kinds.length, 8);
  assert.notEqual(delivery("TODO_CREATED").headers["webhook-id"], delivery("TODO_CREATED").headers["webhook-id"]);
  assert.equal(delivery("TODO_CREATED", "valid", { id: "dlv_1" }).headers["webhook-id"], "dlv_1");
  assert.equal(webhook.verify(...parts(delivery("RECORD_CREATED"))).event, "TODO_CREATED");
  assert.equal(webhook.verify(...parts(healthCheck())).event, "WEBHOOK_HEALTH_CHECK");
  for (const [kind, probe] of Object.entries(deliveries("WEBHOOK_HEALTH_CHECK"))) assert.equal(webhook.inspect(...parts(probe)).code, probe.code, kind);
  assert.throws(() => delivery("TODO_CREATD"), /TODO_CREATED/);
  assert.throws(() => delivery("RECORD_CREATD"), /CREATED/);
  assert.throws(() => delivery("TODO_CREATED", "late"), /no kind is called late/);
  assert.throws(() => delivery("TODO_CREATED", "valid", { secrets: "x" }), /no option is called secrets/);
  const compact = delivery("TODO_CREATED", "valid", { payloadFormat: "compact", secret: "a secret of mine" });
  assert.equal(new Webhook("a secret of mine").verify(compact.body, compact.headers).event, "RECORD_CREATED");
});

// The pieces of a form. They are fetched together, beside what is read from the server, and shown at once: nothing moves.

/** What one sees first. */
export async function loadParts() {
  const [form, choices, sections] = await Promise.all([
    import("./webhook-form.svelte"),
    import("./choices.svelte"),
    import("./sections.svelte"),
  ]);
  return { Form: form.default, Choices: choices.default, Sections: sections.default };
}

export type Parts = Awaited<ReturnType<typeof loadParts>>;

/** What follows: the preview, and what can come between. */
export async function loadRest() {
  const [pane, between, summary] = await Promise.all([
    import("./preview-pane.svelte"),
    import("./between.svelte"),
    import("./problem-summary.svelte"),
  ]);
  return { Pane: pane.default, Between: between.default, Summary: summary.default };
}

export type Rest = Awaited<ReturnType<typeof loadRest>>;

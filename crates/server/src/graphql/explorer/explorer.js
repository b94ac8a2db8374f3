// Sends what is in the form, and shows what comes back.

const form = document.querySelector("form");
const answer = document.querySelector("#answer");

const INTROSPECTION = `{ __schema { types { kind name description
  fields { name description args { name type { ...type } } type { ...type } }
  inputFields { name type { ...type } } enumValues { name description } } } }
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(form.elements.query.value, form.elements.variables.value);
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

form.elements.schema.addEventListener("click", () => ask(INTROSPECTION, "{}"));

async function ask(query, variables) {
  try {
    show("…");
    const body = JSON.stringify({ query, variables: JSON.parse(variables.trim() || "{}") });
    const response = await fetch("/graphql", { method: "POST", headers: headers(), body });
    show(JSON.stringify(await response.json(), null, 2));
  } catch (error) {
    show(error instanceof SyntaxError ? `Not valid JSON: ${error.message}` : `No answer: ${error.message}`);
  }
}

function headers() {
  const given = { "X-Bloo-Token-ID": form.elements.id.value, "X-Bloo-Token-Secret": form.elements.secret.value, "X-Bloo-Company-ID": form.elements.company.value };
  const filled = Object.entries(given).filter(([, value]) => value.trim() !== "");
  return { "Content-Type": "application/json", ...Object.fromEntries(filled) };
}

function show(text) {
  answer.textContent = text;
}

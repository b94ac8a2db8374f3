// Starts the app once it is known who is here and in which language.

import "./base.css";

import { mount } from "svelte";

import App from "./app.svelte";
import { session } from "./state/session.svelte";
import { words } from "./state/words";

await Promise.all([session.begin(), words.load()]);

const target = document.getElementById("app");
if (target !== null) mount(App, { target });
void import("./core/near").then(({ watchForForms }) => watchForForms());

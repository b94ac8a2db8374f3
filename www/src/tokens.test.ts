// Contrasts and colour-blind distances, computed from tokens.css.

import { expect, test } from "vitest";

import css from "../public/tokens.css?raw";

type Rgb = [number, number, number];
type Theme = "light" | "dark";

const declared = new Map([...css.matchAll(/^ {2}--([\w-]+):\s*([^;]+);/gm)].map(([, name, value]) => [name!, value!.trim()]));

/** The colour of a role in a theme; what an embedding page may set is left at its default. */
function colour(name: string, theme: Theme): Rgb {
  return resolve(declared.get(name) ?? "", theme);
}

function resolve(value: string, theme: Theme): Rgb {
  const hex = /^#([0-9a-f]{6})$/i.exec(value)?.[1];
  if (hex !== undefined) return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as Rgb;
  const pair = /^light-dark\((.+?), (.+)\)$/.exec(value);
  if (pair !== null) return resolve((theme === "light" ? pair[1] : pair[2])!, theme);
  const open = /^var\(--bluehook-[\w-]+, (.+)\)$/.exec(value)?.[1];
  if (open !== undefined) return resolve(open, theme);
  const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (other === undefined) throw new Error(`not a colour: ${value}`);
  return colour(other, theme);
}

const linear = (rgb: Rgb): Rgb => rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Rgb;

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [a, b].map((rgb) => linear(rgb)).map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b).sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

type Matrix = [Rgb, Rgb, Rgb];
const times = (matrix: Matrix, v: Rgb): Rgb => matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Rgb;

/** Machado, Oliveira and Fernandes 2009, full severity, on linear light. */
const BLIND: Record<string, Matrix> = {
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function oklab(light: Rgb): Rgb {
  const lms = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], light);
  const roots = lms.map(Math.cbrt) as Rgb;
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], roots);
}

const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const THEMES: Theme[] = ["light", "dark"];
const GROUNDS = ["page", "surface", "sunken", "raised", "hover", "selected"];
const SIGNALS = ["good", "bad", "warn", "busy", "idle"];
const CODE = ["name", "string", "number", "literal", "mark"].map((kind) => `code-${kind}`);

const texts: [string, string[]][] = [
  ["text", GROUNDS],
  ["muted", GROUNDS],
  ["link", GROUNDS],
  ["on-accent", ["accent", "accent-hover"]],
  ["on-danger", ["danger", "danger-hover"]],
  ...SIGNALS.map((signal): [string, string[]] => [`${signal}-text`, [...GROUNDS, `${signal}-fill`]]),
  ...CODE.map((code): [string, string[]] => [code, ["surface", "sunken", "good-fill", "bad-fill"]]),
];
const marks: [string, string[]][] = [
  ["line-strong", GROUNDS],
  ["focus", GROUNDS],
  ...SIGNALS.map((signal): [string, string[]] => [`${signal}-mark`, [...GROUNDS, `${signal}-fill`]]),
];

for (const theme of THEMES) {
  test(`${theme}: texts have 4.5 on every ground, marks and edges 3`, () => {
    for (const [needed, pairs] of [[4.5, texts], [3, marks]] as const) {
      for (const [role, grounds] of pairs) {
        for (const ground of grounds) {
          expect(contrast(colour(role, theme), colour(ground, theme)), `${role} on ${ground}`).toBeGreaterThanOrEqual(needed);
        }
      }
    }
  });

  test(`${theme}: the marks of good, bad, warn and busy differ for every eye`, () => {
    const seen = SIGNALS.slice(0, 4).map((signal) => [signal, linear(colour(`${signal}-mark`, theme))] as const);
    for (const [eye, matrix] of Object.entries(BLIND)) {
      for (const [a, one] of seen) {
        for (const [b, other] of seen.slice(seen.findIndex(([name]) => name === a) + 1)) {
          const clipped = [one, other].map((light) => times(matrix, light).map((c) => Math.min(1, Math.max(0, c))) as Rgb);
          expect(distance(oklab(clipped[0]!), oklab(clipped[1]!)), `${a} and ${b}, ${eye}`).toBeGreaterThanOrEqual(0.09);
        }
      }
    }
  });
}

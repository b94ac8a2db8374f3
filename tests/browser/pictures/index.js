// The page that shows the pictures: a row for each state, its looks side by side.

/** HTML for the pictures with these names. */
export function index(names) {
  const rows = new Map();
  for (const name of names.toSorted()) {
    const [state, look] = name.split(/-(?=\d+-)/);
    rows.set(state, [...(rows.get(state) ?? []), `<figure><img src="${name}.png" alt="" loading="lazy"><figcaption>${look}</figcaption></figure>`]);
  }
  const sections = [...rows].map(([state, figures]) => `<section id="${state}"><h2>${state}</h2><div>${figures.join("")}</div></section>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title><style>${STYLE}</style>${sections.join("\n")}</html>\n`;
}

const STYLE =
  "body{font:14px sans-serif}h2{font-size:16px}div{display:flex;gap:12px;overflow-x:auto;align-items:start}" +
  "figure{margin:0}img{height:360px;border:1px solid #999}";

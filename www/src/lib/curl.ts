// A request as a command that sends it again, exactly: the body by a quoted here-document, which no shell reads.

/** What is sent. */
export interface Sent {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A curl command. Headers named in `hidden` are shown without their values, which only the receiver should see. */
export function curlOf({ url, headers, body }: Sent, hidden: readonly string[] = []): string {
  const unseen = new Set(hidden.map((name) => name.toLowerCase()));
  const shown = Object.entries(headers)
    .filter(([name]) => !["content-length", "host", "connection"].includes(name.toLowerCase()))
    .map(([name, value]) => `  -H ${quoted(`${name}: ${unseen.has(name.toLowerCase()) ? "…" : value}`)} \\\n`);
  const end = endOf(body);
  const head = `${exactly(body)} <<'${end}' | curl -g -X POST ${quoted(url)} \\\n`;
  return `${head}${shown.join("")}  --data-binary @-\n${body}\n${end}\n`;
}

/** A here-document ends with a newline that the body has not; with it no signature would fit. */
function exactly(body: string): string {
  return body.includes("\n") ? "perl -pe 'chomp if eof'" : "tr -d '\\n'";
}

/** Text that a shell takes as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A last line that does not stand in the body. */
function endOf(body: string): string {
  const lines = new Set(body.split("\n"));
  let end = "BODY";
  while (lines.has(end)) end += "_";
  return end;
}

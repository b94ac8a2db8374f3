// Refused requests are told: by default one line on the console, a few a minute at most, since anyone can send them.

const MOST = 5;
const MINUTE = 60_000;

// What tells about a refusal.
export function reporter(onRefused = limited()) {
  return async (error) => {
    try {
      await onRefused(error);
    } catch (failed) {
      console.error("bluehook: onRefused failed", failed);
    }
  };
}

function limited() {
  let from = -Infinity;
  let count = 0;
  return (error) => {
    const now = Date.now();
    if (!(now - from < MINUTE)) [from, count] = [now, 0];
    count += 1;
    if (count > MOST) return;
    const hint = error.message.includes(error.hint) ? "" : ` ${error.hint}`;
    console.warn(`bluehook: refused, ${error.code}: ${error.message}${error.hint === undefined ? "" : hint}`);
    if (count === MOST) console.warn("bluehook: more refusals within this minute are not shown; onRefused is told of all");
  };
}

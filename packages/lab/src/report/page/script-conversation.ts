/** Part of the script of the page: connections as two lanes, where clear and ciphertext look different. */

export const conversationScript: string = String.raw`
function pictureOf({ connections }) {
  if (connections === null)
    return [element("p", { class: "quiet" }, "Left out, since the page would have become too large. The JSON of the report has it.")];
  if (connections.length === 0) return [element("p", { class: "quiet" }, "The client never connected.")];
  return connections.map((at, index) => connectionOf(content.connections[at], connections.length === 1 ? "The conversation" : "Connection " + (index + 1)));
}

function connectionOf([handshake, tls, turns, omitted], heading) {
  const entries = turns.map((at) => content.entries[at]);
  const section = element("div", { class: "connection" }, element("h3", {}, heading),
    element("div", { class: "lanes", "aria-hidden": "true" }, element("span", {}, "client"), element("span", {}, "server, or the attacker in its place")));
  let isBegun = false;
  for (const band of bandsOf(entries)) {
    const isSealed = isInside(band[0]);
    if (isSealed && !isBegun) {
      section.append(boundary("handshake completed: " + tls));
      isBegun = true;
    }
    section.append(bandOf(band, isSealed));
  }
  if (entries.length === 0) section.append(element("p", { class: "quiet" }, "Nobody said anything."));
  const ending = {
    none: undefined,
    started: "handshake begun, and never completed",
    failed: "handshake failed",
    completed: isBegun ? undefined : "handshake completed: " + tls + ". Nothing was said inside",
  }[handshake];
  if (ending !== undefined) section.append(boundary(ending));
  if (omitted > 0) section.append(element("p", { class: "quiet" }, omitted.toLocaleString("en") + " more octets were left out."));
  return section;
}

function isInside([what]) {
  return what === "C" || what === "S";
}

/** Turns that follow one another on the same channel. */
function bandsOf(entries) {
  const bands = [];
  for (const entry of entries) {
    const last = bands.at(-1);
    if (last !== undefined && isInside(last[0]) === isInside(entry)) last.push(entry);
    else bands.push([entry]);
  }
  return bands;
}

function boundary(text) {
  return element("p", { class: "boundary" }, element("span", {}, "TLS " + text));
}

function bandOf(band, isSealed) {
  const isRead = band.some(([, , , leaks]) => leaks.length > 0);
  const label = isSealed
    ? isRead ? "inside TLS, but the attacker still reads it" : "inside TLS: on the path it is ciphertext"
    : "in the clear: anybody on the path can read it";
  return element("div", { class: "band " + (isSealed ? "sealed" : "clear") + (isRead ? " read" : "") },
    element("p", { class: "channel" }, element("span", { class: "lock", "aria-hidden": "true" }), label),
    element("ol", {}, ...band.map(turnOf)));
}

function turnOf([what, text, pieces, leaks, decoded]) {
  const isClient = what === "c" || what === "C";
  const turn = element("li", { class: isClient ? "turn client" : "turn server" },
    element("span", { class: "unseen" }, isClient ? "client: " : "server: "),
    element("div", { class: "bubble" }, element("pre", {}, ...(isHandshake(text, leaks)
      ? [element("span", { class: "control" }, "a TLS handshake: " + content.texts[text].length + " octets")]
      : spelled(content.texts[text], leaks)))));
  if (pieces > 1) turn.append(element("p", { class: "quiet" }, "in " + pieces + " pieces"));
  if (leaks.length > 0) {
    const kinds = [...new Set(leaks.map(([, , kind]) => kind))];
    turn.append(element("p", { class: "leaked" }, "leaked: " + kinds.join(", ")));
    for (const words of decoded) turn.append(element("p", { class: "decoded" }, "base64 of ", element("code", {}, words)));
  }
  return turn;
}

/** A ClientHello that the server took for text (RFC 8446 section 5.1): its octets would tell a reader nothing. */
function isHandshake(text, leaks) {
  return leaks.length === 0 && /^\x16\x03[\0-\x04]/.test(content.texts[text]);
}

/** The text, cut where a leak begins or ends. Each part that leaked is marked with what it is. */
function spelled(text, leaks) {
  const cuts = [...new Set([0, text.length, ...leaks.flatMap(([from, to]) => [from, to])])].sort((one, other) => one - other);
  return cuts.slice(1).flatMap((end, index) => {
    const start = cuts[index];
    const kinds = leaks.filter(([from, to]) => from <= start && to >= end).map(([, , kind]) => kind);
    const parts = octetsOf(text.slice(start, end));
    if (kinds.length === 0) return parts;
    const named = [...new Set(kinds)].join(", ");
    return [element("mark", { title: named, "data-what": named }, ...parts)];
  });
}

/** Octets made readable: those that cannot be seen are spelled out. */
function octetsOf(text) {
  return text.split(/(\r?\n|[^\x20-\x7e])/).filter((part) => part !== "").map((part) => {
    if (/^[\x20-\x7e]/.test(part)) return part;
    const signs = [...part].map((octet) =>
      ({ "\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0" })[octet] ?? "\\x" + octet.charCodeAt(0).toString(16).padStart(2, "0"));
    return element("span", { class: "control" }, signs.join("") + (part.endsWith("\n") ? "\n" : ""));
  });
}
`;

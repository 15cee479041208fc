/** Part of the script of the page: the legend, and the grid with its keyboard control. */

export const matrixScript: string = String.raw`
function legend() {
  const list = element("dl", { class: "legend" });
  for (const { name, word, meaning, count } of content.outcomes) {
    if (count === 0) continue;
    list.append(element("div", {},
      element("dt", {}, element("span", { class: "chip " + name }, isWide() ? name : word)),
      element("dd", {}, element("b", {}, String(count)), " ",
        element("span", { class: "meaning" }, isWide() ? meaning : name + ": " + meaning))));
  }
  return list;
}

/** Whether a cell has room for the name of an outcome. */
function isWide() {
  return content.clients.length <= 3;
}

function matrix() {
  const size = content.clients.length === 1 ? "one" : isWide() ? "few" : "many";
  const table = element("table", { role: "grid", "aria-label": "Outcomes: vectors by clients" },
    headOfMatrix(), ...content.groups.map(groupOf));
  table.querySelector("td[tabindex]")?.setAttribute("tabindex", "0");
  table.addEventListener("keydown", moveBy);
  table.addEventListener("focusin", ({ target }) => {
    if (!target.matches("td")) return;
    table.querySelector("td[tabindex='0']")?.setAttribute("tabindex", "-1");
    target.setAttribute("tabindex", "0");
  });
  return element("div", { class: "matrix " + size }, table);
}

function hint() {
  return element("p", { class: "quiet hint" }, "Tap or click an outcome for its evidence and the conversation.");
}

/** A switch that hides every vector that no client failed; nothing if no vector was failed. */
function filter() {
  const failed = new Set(content.clients.flatMap(({ runs }) =>
    runs.flatMap((run, at) => (run !== null && content.outcomes[run.outcome].isFailure ? [at] : []))));
  if (failed.size === 0) return [];
  const box = element("input", { type: "checkbox", id: "filter" });
  box.addEventListener("change", () => {
    for (const row of document.querySelectorAll("tr[data-vector]")) row.hidden = box.checked && !failed.has(Number(row.dataset.vector));
    for (const body of document.querySelectorAll("tbody")) body.hidden = body.querySelector("tr[data-vector]:not([hidden])") === null;
    const cells = document.querySelectorAll("td[tabindex]");
    for (const cell of cells) cell.setAttribute("tabindex", "-1");
    document.querySelector("tr:not([hidden]) > td[tabindex]")?.setAttribute("tabindex", "0");
  });
  return [element("label", { class: "filter" }, box,
    " Only vectors that a client failed: " + failed.size + " of " + content.vectors.length)];
}

function headOfMatrix() {
  const clients = content.clients.map(({ title, configuration, failed, hung, unproved }, _, { length }) =>
    element("th", { scope: "col" },
      // A single client is already in the headline.
      length === 1 ? "Outcome" : element("div", { class: "client" },
        element("span", { class: "title" }, title), " ",
        element("span", { class: "configuration" }, configuration)),
      element("div", { class: failed > 0 ? "tally bad" : "tally" },
        [...(failed > 0 ? [failed + " failed"] : []), ...(hung > 0 ? [hung + " hung"] : [])].join(", ")
          || (unproved > 0 ? "void" : "none failed"))));
  const evidence = content.clients.length === 1 ? [element("th", { scope: "col", class: "evidence" }, "Evidence")] : [];
  return element("thead", {}, element("tr", {}, element("th", { scope: "col", class: "corner" }, "Vector"), ...clients, ...evidence));
}

function groupOf({ letter, title, vectors }) {
  const columns = 1 + content.clients.length + (content.clients.length === 1 ? 1 : 0);
  const heading = element("tr", { class: "group" },
    element("th", { scope: "rowgroup", colspan: columns }, element("span", {}, element("b", {}, letter), " ", title)));
  return element("tbody", {}, heading, ...vectors.map(rowOf));
}

function rowOf(at) {
  const vector = content.vectors[at];
  const [only] = content.clients;
  const isOne = content.clients.length === 1;
  const evidence = isOne ? [element("td", { class: "evidence" }, evidenceOf(only.runs[at]))] : [];
  const row = element("tr", { "data-vector": at }, element("th", { scope: "row", title: vector.title },
    element("span", { class: "id" }, vector.id), " ", element("span", { class: "title" }, vector.title)),
    ...content.clients.map((client) => cellOf(client, vector, client.runs[at])), ...evidence);
  if (isOne && only.runs[at] !== null) {
    row.classList.add("openable");
    row.addEventListener("click", () => {
      // Somebody who selects text wants to copy it.
      if (getSelection().isCollapsed) openConversation(only, vector, only.runs[at]);
    });
  }
  return row;
}

function cellOf(client, vector, run) {
  if (run === null)
    return element("td", { tabindex: "-1", class: "untried", "aria-label": client.name + ", " + vector.id + ": not tried" }, "–");
  const { name, word } = content.outcomes[run.outcome];
  const cell = element("td", { tabindex: "-1", class: "cell", "aria-haspopup": "dialog",
    "aria-label": client.name + ", " + vector.id + " " + vector.title + ": " + name },
    element("span", { class: "chip " + name }, isWide() ? name : word));
  // With one client the whole row opens, and on a narrow screen the evidence is in the cell.
  if (content.clients.length === 1) cell.append(element("span", { class: "seen" }, evidenceOf(run)));
  else cell.addEventListener("click", () => openConversation(client, vector, run));
  return cell;
}

function evidenceOf(run) {
  if (run === null) return "";
  const { name } = content.outcomes[run.outcome];
  const found = run.findings.filter(([verdict]) => verdict === name).map(([, evidence]) => content.texts[evidence]);
  if (found.length > 0) return found.join("; ");
  if (run.shortfall !== "") return run.shortfall;
  return name === "held" || name === "delivered-sealed" ? "" : run.end;
}

function moveBy(event) {
  const { target, key, ctrlKey, currentTarget } = event;
  const cells = [...currentTarget.querySelectorAll("tr[data-vector]:not([hidden])")]
    .map((row) => [...row.querySelectorAll("td[tabindex]")]);
  const row = cells.findIndex((candidates) => candidates.includes(target));
  if (row === -1 || event.altKey || event.metaKey) return;
  const column = cells[row].indexOf(target);
  const last = { row: cells.length - 1, column: cells[row].length - 1 };
  const places = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    PageUp: [Math.max(row - 10, 0), column], PageDown: [Math.min(row + 10, last.row), column],
    Home: [ctrlKey ? 0 : row, 0], End: [ctrlKey ? last.row : row, last.column],
    Enter: [row, column], " ": [row, column],
  };
  if (!Object.hasOwn(places, key)) return;
  event.preventDefault();
  if (key === "Enter" || key === " ") target.click();
  else cells[places[key][0]]?.[places[key][1]]?.focus();
}

function absent() {
  return content.absent.length === 0
    ? [] : [element("p", { class: "absent" }, "Not on this machine: " + content.absent.join(", ") + ".")];
}
`;

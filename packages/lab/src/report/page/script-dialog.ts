/** Part of the script of the page: what one client did under one attack. */

export const dialogScript: string = String.raw`
const dialog = document.getElementById("conversation");

/** A modal dialog returns the focus by itself when it closes (HTML, the dialog element). */
function openConversation(client, vector, run) {
  const outcome = content.outcomes[run.outcome];
  const close = element("button", { type: "button", class: "close", "aria-label": "Close" }, "✕");
  close.addEventListener("click", () => dialog.close());
  const title = element("h2", { id: "conversation-title", tabindex: "-1", autofocus: "" },
    element("span", { class: "id" }, vector.id), " ", vector.title);
  dialog.replaceChildren(
    element("header", {},
      element("p", { class: "client" }, client.name), close, title,
      element("p", { class: "outcome" }, element("span", { class: "chip " + outcome.name }, outcome.name), " ", outcome.meaning + "."),
      ...seenIn(run)),
    element("div", { class: "columns" },
      element("section", { class: "facts", "aria-label": "Facts" }, ...factsOf(client, vector, run)),
      element("section", { class: "picture", "aria-label": "The conversation" }, ...pictureOf(run))));
  dialog.showModal();
  dialog.scrollTop = 0;
}

/** First, also on a narrow screen. */
function seenIn(run) {
  const findings = run.findings.map(([verdict, evidence]) =>
    element("li", {}, element("b", {}, verdict), " ", content.texts[evidence]));
  if (run.shortfall !== "") findings.unshift(element("li", {}, run.shortfall));
  return findings.length === 0 ? [] : [element("ul", { class: "findings", "aria-label": "What was seen" }, ...findings)];
}

function factsOf(client, vector, run) {
  const output = content.texts[run.output];
  return [
    ...client.changes.filter(([outcome]) => outcome === run.outcome)
      .map(([, change]) => fact("What to change", element("p", {}, change + "."))),
    fact("What the attack does", element("p", {}, vector.attack)),
    fact("What a correct client does", element("p", {}, vector.duty)),
    fact("The client", element("p", {}, run.end[0].toUpperCase() + run.end.slice(1) + "."),
      ...(output === "" ? [element("p", { class: "quiet" }, "It printed nothing.")] : [element("pre", { class: "output", tabindex: "0", "aria-label": "What it printed" }, output)]),
      ...(client.command === "" ? [] : [element("p", { class: "quiet command" }, client.command)])),
    fact("Sources", element("ul", {}, ...vector.sources.map(([text, link]) => element("li", {},
      link === undefined ? text : element("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, text))))),
  ];
}

function fact(heading, ...body) {
  return element("div", { class: "fact" }, element("h3", {}, heading), ...body);
}
`;

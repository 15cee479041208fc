/** The script of the page, as one text. It puts values of the report into the document as text, never as markup. */
import { conversationScript } from "./script-conversation.ts";
import { dialogScript } from "./script-dialog.ts";
import { matrixScript } from "./script-matrix.ts";

/** The script is inside a template string, so it must not hold a backtick or a placeholder. */
const startScript = String.raw`
const content = JSON.parse(document.getElementById("report").textContent);

/** Children that are strings become text. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
`;

const themeScript = String.raw`
const theme = document.getElementById("theme");
let isDark = matchMedia("(prefers-color-scheme: dark)").matches;
function showTheme() {
  theme.textContent = isDark ? "Light" : "Dark";
  theme.setAttribute("aria-label", isDark ? "Switch to light colours" : "Switch to dark colours");
}
theme.addEventListener("click", () => {
  isDark = !isDark;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  showTheme();
});
showTheme();
document.getElementById("main").replaceChildren(...absent(), legend(), hint(), ...filter(), matrix());
`;

export const script: string = `"use strict";(() => {${startScript}${conversationScript}${dialogScript}${matrixScript}${themeScript}})();`;

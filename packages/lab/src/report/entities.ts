/** Escapes text for HTML and XML, in an element or between double quotes. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

export function escaped(text: string): string {
  // defence: reports-hold-no-markup
  return text.replace(/[&<>"]/g, (character) => ENTITIES.get(character) ?? "");
}

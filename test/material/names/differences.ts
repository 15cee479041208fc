/** The differences between what is right for a domain name and what Postseal does. README.md says how to read them. */
import type { Difference } from "../difference.ts";

/** The host that is dialled and the domain of a mailbox are judged alike. */
function both(...ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => [`host/${id}`, `mailbox/${id}`]);
}

export const differences: readonly Difference[] = [
  {
    verdict: "refused",
    why: "Only ASCII letters are folded: to fold others, or to normalise them, is to clean a name up.",
    ids: both(
      "case/swedish-in-capitals",
      "case/cyrillic-in-capitals",
      "case/greek-in-capitals",
      "case/capital-sharp-s",
      "case/capital-i-with-a-dot",
    ),
  },
  {
    verdict: "accepted",
    why: "Labels are judged one by one, and the bidi rule (RFC 5893 section 2) looks at the whole name. The name is on no zone that follows the rule; it is dialled as it was written.",
    ids: both("impossible/left-to-right-label-with-a-digit-first-beside-hebrew"),
  },
  {
    verdict: "accepted",
    why: "Node's IDNA is made for browsers, and lets a U-label have hyphens where RFC 5891 section 4.2.3.1 forbids them. The A-label is what is asked for and proved, so no other name can pass.",
    ids: both("hyphen/first-of-a-U-label", "hyphen/last-of-a-U-label", "hyphen/third-and-fourth-of-a-U-label"),
  },
  {
    verdict: "accepted",
    why: "An A-label is sent as it was written and is never decoded: it is ASCII for DNS, SMTP and certificates alike, and a mailbox of an old zone must be reachable.",
    ids: both(
      "a-label/that-ends-too-early",
      "a-label/of-a-disallowed-character",
      "a-label/of-a-decomposed-umlaut",
      "a-label/of-mixed-directions",
    ),
  },
];

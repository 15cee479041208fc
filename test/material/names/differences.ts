/** The differences between what is right for a domain name and what Postseal does. README.md says how to read them. */
import type { Difference } from "../difference.ts";

/** The host that is dialled and the domain of a mailbox are judged alike. */
function both(...ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => [`host/${id}`, `mailbox/${id}`]);
}

export const differences: readonly Difference[] = [
  {
    verdict: "refused",
    why: "Only ASCII letters are folded: folding or normalising others would silently change a name.",
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
    why: "Labels are judged one by one, but the bidi rule (RFC 5893 section 2) is about the whole name. No zone that follows the rule has such a name; it is dialled as it was written.",
    ids: both("impossible/left-to-right-label-with-a-digit-first-beside-hebrew"),
  },
  {
    verdict: "accepted",
    why: "Node's IDNA is made for browsers, and allows hyphens in a U-label at positions that RFC 5891 section 4.2.3.1 forbids. The A-label is resolved and verified, so no other name can pass.",
    ids: both("hyphen/first-of-a-U-label", "hyphen/last-of-a-U-label", "hyphen/third-and-fourth-of-a-U-label"),
  },
  {
    verdict: "accepted",
    why: "An A-label is sent as it was written and never decoded: it is ASCII for DNS, SMTP and certificates alike, and mailboxes of old zones must stay reachable.",
    ids: both(
      "a-label/that-ends-too-early",
      "a-label/of-a-disallowed-character",
      "a-label/of-a-decomposed-umlaut",
      "a-label/of-mixed-directions",
    ),
  },
];

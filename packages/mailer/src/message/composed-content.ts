/** The octets of a composed message: laid out once, so that every attempt sends the same. */
import { Buffer } from "node:buffer";
import { type Content, limited, memoryContent } from "./content.ts";
import type { Segment } from "./part.ts";

/** `eightBit`: whether the header has UTF-8 in it. Bodies are 7-bit always. */
export function composedContent(segments: readonly Segment[], eightBit: boolean): Content {
  const encoding = eightBit ? "utf8" : "latin1";
  if (segments.every((segment) => typeof segment === "string")) {
    return memoryContent(Buffer.from(segments.join(""), encoding), eightBit);
  }
  const merged = mergeTexts(segments);
  const sizes = merged.map((segment) =>
    typeof segment === "string" ? Buffer.byteLength(segment, encoding) : segment.size,
  );
  return {
    size: sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    bytes: undefined,
    eightBit,
    replayable: merged.every((segment) => typeof segment === "string" || segment.replayable),
    open: (limits) => limited(readSegments(merged, encoding), eightBit, limits),
  };
}

async function* readSegments(segments: readonly Segment[], encoding: "utf8" | "latin1"): AsyncGenerator<Uint8Array> {
  for (const segment of segments) {
    if (typeof segment === "string") yield Buffer.from(segment, encoding);
    else yield* segment.open();
  }
}

function mergeTexts(segments: readonly Segment[]): readonly Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (typeof segment === "string" && typeof last === "string") merged[merged.length - 1] = last + segment;
    else merged.push(segment);
  }
  return merged;
}

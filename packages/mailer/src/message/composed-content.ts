/** The octets of a composed message: laid out once, so that every attempt sends the same, and written where they are wanted. */
import { Buffer } from "node:buffer";
import { type Content, limited, type Put } from "./content.ts";
import type { Segment } from "./part.ts";

/** `eightBit`: whether the header has UTF-8 in it. Bodies are 7-bit always. */
export function composedContent(segments: readonly Segment[], eightBit: boolean): Content {
  const encoding = eightBit ? "utf8" : "latin1";
  const merged = mergeTexts(segments);
  const sizes = merged.map((segment) =>
    typeof segment === "string" ? Buffer.byteLength(segment, encoding) : segment.size,
  );
  return {
    size: sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    put: putAll(merged, sizes, encoding),
    eightBit,
    replayable: merged.every((segment) => typeof segment === "string" || segment.replayable),
    open: (limits) => limited(readSegments(merged, encoding), eightBit, limits),
  };
}

function putAll(
  segments: readonly Segment[],
  sizes: readonly (number | undefined)[],
  encoding: "utf8" | "latin1",
): Put | undefined {
  if (!segments.every((segment) => typeof segment === "string" || segment.put !== undefined)) return undefined;
  return (target, at) => {
    let end = at;
    for (const [index, segment] of segments.entries()) {
      const due = end + (sizes[index] ?? 0);
      end =
        typeof segment === "string" ? end + target.write(segment, end, encoding) : (segment.put?.(target, end) ?? end);
      if (end !== due) return end;
    }
    return end;
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
  let text = "";
  for (const segment of segments) {
    if (typeof segment === "string") text += segment;
    else {
      merged.push(text, segment);
      text = "";
    }
  }
  return text === "" ? merged : [...merged, text];
}

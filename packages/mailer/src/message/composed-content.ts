/** The octets of a composed message: laid out once, so that every attempt sends the same, and written when they are sent. */
import { Buffer } from "node:buffer";
import { hasCommandLike } from "./command-like.ts";
import { type Content, limited, type Put, textContent } from "./content.ts";
import { type EncodedBody, isText, type Segment } from "./part.ts";

/** Text that is written at once, or octets that are read. */
type Piece = string | EncodedBody;

/** `utf8`: whether the header holds UTF-8. All bodies are 7-bit, but for messages that are attached. */
export function composedContent(segments: readonly Segment[], utf8: boolean): Content {
  const encoding = utf8 ? "utf8" : "latin1";
  const { pieces, commandFree } = merge(segments, utf8);
  const [text] = pieces;
  if (pieces.length === 1 && typeof text === "string") return textContent(text, encoding, utf8, commandFree);
  const eightBitIn = eightBitPlace(pieces);
  const eightBit = utf8 || eightBitIn !== undefined;
  const sizes = pieces.map((piece) => (typeof piece === "string" ? Buffer.byteLength(piece, encoding) : piece.size));
  return {
    size: sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    put: putAll(pieces, sizes, encoding),
    eightBit,
    eightBitIn,
    commandFree,
    replayable: pieces.every((piece) => typeof piece === "string" || piece.replayable),
    open: (limits) => limited(readPieces(pieces, encoding), eightBit, limits),
  };
}

function eightBitPlace(pieces: readonly Piece[]): string | undefined {
  for (const piece of pieces) if (typeof piece !== "string" && piece.eightBitIn !== undefined) return piece.eightBitIn;
  return undefined;
}

function putAll(
  pieces: readonly Piece[],
  sizes: readonly (number | undefined)[],
  encoding: "utf8" | "latin1",
): Put | undefined {
  if (!pieces.every((piece) => typeof piece === "string" || piece.put !== undefined)) return undefined;
  return (target, at) => {
    let end = at;
    for (const [index, piece] of pieces.entries()) {
      const due = end + (sizes[index] ?? 0);
      end = typeof piece === "string" ? end + target.write(piece, end, encoding) : (piece.put?.(target, end) ?? end);
      if (end !== due) return end;
    }
    return end;
  };
}

async function* readPieces(pieces: readonly Piece[], encoding: "utf8" | "latin1"): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (typeof piece === "string") yield Buffer.from(piece, encoding);
    else yield* piece.open();
  }
}

/** Joins the text between bodies that are read into one piece, and judges the text that is not a body: nobody has yet. */
function merge(
  segments: readonly Segment[],
  eightBit: boolean,
): { readonly pieces: readonly Piece[]; readonly commandFree: boolean } {
  const pieces: Piece[] = [];
  let [text, unjudged, commandFree] = ["", "", true];
  const judge = (): void => {
    if (unjudged === "") return;
    // defence: fields-without-commands
    commandFree &&= !hasCommandLike(eightBit ? Buffer.from(unjudged).toString("latin1") : unjudged, !eightBit);
    text += unjudged;
    unjudged = "";
  };
  for (const segment of segments) {
    if (typeof segment === "string") {
      unjudged += segment;
      continue;
    }
    judge();
    commandFree &&= segment.commandFree;
    if (isText(segment)) text += segment.text;
    else {
      pieces.push(text, segment);
      text = "";
    }
  }
  judge();
  return { pieces: text === "" ? pieces : [...pieces, text], commandFree };
}

/** Reads a floor from its column. */
import type { Floor } from "../model/floor.ts";
import { isRow } from "./row.ts";
import { RecordError } from "./record-error.ts";

export function parseFloor(column: string): Floor {
  const given: unknown = JSON.parse(column);
  if (!isRow(given)) throw new RecordError("floor");
  const { server, minVersion, postQuantum, pinned, ownAuthorities } = given;
  return {
    ...(typeof server === "string" ? { server } : {}),
    ...(minVersion === "TLSv1.3" ? { minVersion } : {}),
    ...(postQuantum === "require" ? { postQuantum } : {}),
    ...(pinned === true ? { pinned } : {}),
    ...(ownAuthorities === true ? { ownAuthorities } : {}),
  };
}

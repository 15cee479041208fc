/** Octets that a caller holds, seen without the caller's own methods: a class of theirs may count and cut as it likes. */
import { Buffer } from "node:buffer";
import { types } from "node:util";

/** The getters of the language, whatever a subclass has in their place. */
const intrinsic = Object.getOwnPropertyDescriptors(Reflect.getPrototypeOf(Uint8Array.prototype) ?? {});

/** The same memory, by Node's own class; `undefined` for what is no Uint8Array. */
export function octetsOf(given: unknown): Buffer | undefined {
  if (!types.isUint8Array(given)) return undefined;
  const buffer: unknown = intrinsic["buffer"]?.get?.call(given);
  const offset: unknown = intrinsic["byteOffset"]?.get?.call(given);
  const length: unknown = intrinsic["byteLength"]?.get?.call(given);
  if (!types.isAnyArrayBuffer(buffer) || typeof offset !== "number" || typeof length !== "number") return undefined;
  // defence: octets-by-the-language
  return Buffer.from(buffer, offset, length);
}

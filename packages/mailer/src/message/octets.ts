/** Reads a caller's octets without calling the caller's methods: a subclass may count and cut as it likes. */
import { Buffer } from "node:buffer";
import { types } from "node:util";

/** The language's own getters, even if a subclass overrides them. */
const intrinsic = Object.getOwnPropertyDescriptors(Reflect.getPrototypeOf(Uint8Array.prototype) ?? {});

/** The same memory as a Buffer; `undefined` for anything but a Uint8Array. */
export function octetsOf(given: unknown): Buffer | undefined {
  if (!types.isUint8Array(given)) return undefined;
  const buffer: unknown = intrinsic["buffer"]?.get?.call(given);
  const offset: unknown = intrinsic["byteOffset"]?.get?.call(given);
  const length: unknown = intrinsic["byteLength"]?.get?.call(given);
  if (!types.isAnyArrayBuffer(buffer) || typeof offset !== "number" || typeof length !== "number") return undefined;
  // defence: octets-by-the-language
  return Buffer.from(buffer, offset, length);
}

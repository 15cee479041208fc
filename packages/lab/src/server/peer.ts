/** A client as a session sees it: what it says, and a way to answer. */
import type { TLSSocket } from "node:tls";
import type { Content } from "./content.ts";

export interface Peer {
  /** Resolves with whether all of it went out. */
  say(text: string): Promise<boolean>;
  /** The next line without its end; `undefined` once the client has left. */
  line(): Promise<Buffer | undefined>;
  /** Reads what follows 354. False if the client left before its end. */
  message(into: Content): Promise<boolean>;
  /** Reads what follows BDAT. False if the client left before its end. */
  chunk(into: Content, count: number): Promise<boolean>;
  readonly secure: TLSSocket | undefined;
}

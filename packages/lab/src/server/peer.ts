/** The client as a session knows it: what it says, and a way to answer. */
import type { TLSSocket } from "node:tls";
import type { Content } from "./content.ts";

export interface Peer {
  /** With whether all of it went out. */
  say(text: string): Promise<boolean>;
  /** The next line without its end; `undefined` once the client has left. */
  line(): Promise<Buffer | undefined>;
  /** What follows 354. False if the client left within it. */
  message(into: Content): Promise<boolean>;
  /** What follows BDAT. False if the client left within it. */
  chunk(into: Content, count: number): Promise<boolean>;
  readonly secure: TLSSocket | undefined;
}

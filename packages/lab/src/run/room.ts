/** What a trial has to itself: its files, a home, and the place where the client runs. Nothing of it is another trial's. */
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Cell, openCell, openGround } from "../isolation/cell.ts";
import { clear } from "../isolation/clear.ts";
import { ADDRESS, entrust, furnish } from "../isolation/sandbox.ts";

/** Where the trials of a worker take place. */
export interface Place {
  /** The run's own. The worker does not remove it. */
  readonly folder: string;
  readonly address: string;
  /** If there are namespaces: the names, the ports and the trust store are the lab's own. */
  readonly isolated: Isolated | undefined;
}

interface Isolated {
  readonly cell: readonly string[];
  /** What a client may not change, since later trials need it. */
  readonly readOnly: readonly string[];
}

export interface Room {
  readonly cell: Cell;
  readonly message: string;
  readonly ca: string;
  /** The client's home. Empty. */
  readonly work: string;
  readonly temporary: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Linux has all of 127/8, so there the lab avoids the address of `localhost`, for which some clients are less strict. */
const LOOPBACK: string = process.platform === "linux" ? "127.0.0.2" : "127.0.0.1";

/** `cell`: as `findNamespaces` returns it, or nothing if this process is in no namespaces of its own. */
export async function findPlace(folder: string, cell: readonly string[] | undefined): Promise<Place> {
  if (cell === undefined) return { folder, address: LOOPBACK, isolated: undefined };
  const covered = await furnish(folder);
  await mkdir(path.join(folder, "room"));
  const readOnly = [
    ...covered,
    // defence: the-judge-is-read-only
    ...judge(),
  ];
  return { folder, address: ADDRESS, isolated: { cell, readOnly } };
}

/** The programs that judge: the lab, the libraries that it needs, and Node. Workers that start later read them again. */
function judge(): readonly string[] {
  const lab = fileURLToPath(new URL("../../", import.meta.url));
  const library = fileURLToPath(import.meta.resolve("dns-packet")).split(path.sep);
  const libraries = library.slice(0, library.lastIndexOf("node_modules") + 1).join(path.sep);
  return [lab, ...(libraries === "" ? [] : [libraries]), process.execPath];
}

export async function openRoom(
  { folder, isolated }: Place,
  { message, authority }: { readonly message: string; readonly authority: string },
): Promise<Room> {
  if (isolated === undefined) return openOrdinary(folder, { message, authority });
  await entrust(folder, authority);
  const files = await writeFiles(folder, { message, authority });
  const cell = await openCell({ command: isolated.cell, folder, readOnly: isolated.readOnly });
  const room = path.join(folder, "room");
  return {
    cell,
    ...files,
    work: path.join(room, "work"),
    temporary: path.join(room, "tmp"),
    [Symbol.asyncDispose]: () => cell[Symbol.asyncDispose](),
  };
}

async function openOrdinary(
  parent: string,
  contents: { readonly message: string; readonly authority: string },
): Promise<Room> {
  const folder = path.join(parent, randomUUID());
  await mkdir(folder, { mode: 0o700 });
  const [work, temporary] = [path.join(folder, "work"), path.join(folder, "tmp")];
  await mkdir(work, { mode: 0o700 });
  await mkdir(temporary, { mode: 0o700 });
  return {
    cell: openGround(work),
    ...(await writeFiles(folder, contents)),
    work,
    temporary,
    // What is left is removed with the run's folder, or reported.
    [Symbol.asyncDispose]: async () => void (await clear(folder)),
  };
}

async function writeFiles(
  folder: string,
  { message, authority }: { readonly message: string; readonly authority: string },
): Promise<Pick<Room, "message" | "ca">> {
  const files = { message: path.join(folder, "message.eml"), ca: path.join(folder, "authority.pem") };
  await writeFile(files.message, message);
  await writeFile(files.ca, authority);
  return files;
}

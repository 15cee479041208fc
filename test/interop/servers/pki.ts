/** The lab's authority and certificates of it, as files that mail servers can read. */
import { writeFile } from "node:fs/promises";
import { createAuthority as createRoot, type Issued } from "@postseal/lab";
import { createFolder, type Folder } from "./folder.ts";

export interface Leaf {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface Authority extends AsyncDisposable {
  readonly caFile: string;
  /** smtp.example.test and 127.0.0.1, P-256. */
  readonly ecdsa: Leaf;
  /** The same names, RSA 2048. */
  readonly rsa: Leaf;
  /** localhost, for an issuer of tokens. */
  readonly issuer: Leaf;
  /** alice@example.test, for client authentication only. */
  readonly client: Leaf;
}

export async function createAuthority(): Promise<Authority> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("authority"));
  const root = await createRoot({ name: "Postseal interop CA" });
  const caFile = folder.at("ca.pem");
  await writeFile(caFile, root.certificate);
  const alice = { commonName: "alice", names: [["email", "alice@example.test"]], usage: "client" } as const;
  const localhost = { commonName: "issuer", names: [["dns", "localhost"]] } as const;
  const leaves = {
    ecdsa: await writeLeaf(folder, "ecdsa", await root.issue({ commonName: "ecdsa" })),
    rsa: await writeLeaf(folder, "rsa", await root.issue({ commonName: "rsa", key: "rsa2048" })),
    issuer: await writeLeaf(folder, "issuer", await root.issue(localhost)),
    client: await writeLeaf(folder, "alice", await root.issue(alice)),
  };
  const owned = stack.move();
  return { caFile, ...leaves, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function writeLeaf(folder: Folder, name: string, { chain, key }: Issued): Promise<Leaf> {
  const leaf = { certificateFile: folder.at(`${name}.pem`), keyFile: folder.at(`${name}.key`) };
  await writeFile(leaf.certificateFile, chain);
  // Readable by all: some servers open it after they have dropped to another user, and it protects nothing.
  await writeFile(leaf.keyFile, key);
  return leaf;
}

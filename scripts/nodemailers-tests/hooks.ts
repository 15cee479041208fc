/** Loaded before each of Nodemailer's test files: replaces the SMTP transports and the server that they require with ours. */
import { registerHooks } from "node:module";

const ours: readonly (readonly [asked: RegExp, file: string])[] = [
  [/\/lib\/smtp-pool$/, "./transport.ts"],
  [/\/lib\/smtp-transport$/, "./single-transport.ts"],
  [/^smtp-server$/, "./server.ts"],
];

registerHooks({
  resolve: (specifier, context, next) => {
    const [, file] = ours.find(([asked]) => asked.test(specifier)) ?? [];
    // Our stand-in for the server needs the real one.
    if (file === undefined || context.parentURL?.startsWith(new URL(".", import.meta.url).href) === true)
      return next(specifier, context);
    return { url: new URL(file, import.meta.url).href, format: "module-typescript", shortCircuit: true };
  },
});

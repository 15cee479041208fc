/** Every option of `http.request` that we do not use, given as `undefined`: Node copies options into an object that has a prototype. */

export const LEFT_OUT = {
  _defaultAgent: undefined,
  agent: undefined,
  auth: undefined,
  defaultPort: undefined,
  family: undefined,
  hints: undefined,
  hostname: undefined,
  httpValidation: undefined,
  joinDuplicateHeaders: undefined,
  localAddress: undefined,
  localPort: undefined,
  lookup: undefined,
  port: undefined,
  protocol: undefined,
  setDefaultHeaders: undefined,
  signal: undefined,
  socketPath: undefined,
  timeout: undefined,
  uniqueHeaders: undefined,
} as const;

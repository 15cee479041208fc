/** What other programs may use of the lab: authorities, vectors, the impostor, and verdicts. */
export {
  AUTHORITY,
  type Authority,
  type AuthorityOptions,
  createAuthority,
  HOST,
  type Issued,
  type IssueOptions,
  type KeyKind,
} from "./authority/authority.ts";
export {
  type CertificateKind,
  DEEP_HOST,
  hostOf,
  issueCertificate,
  proves,
  type Reference,
} from "./authority/certificate.ts";
export type { SubjectName } from "./authority/subject-name.ts";
export { clearCapabilities, ehloReply, sealedCapabilities } from "./impostor/honest-session.ts";
export { type Impostor, type ImpostorOptions, type Part, startImpostor } from "./impostor/impostor.ts";
export { Inlet } from "./impostor/inlet.ts";
export { type Listener, listen, tie } from "./impostor/listener.ts";
export type { TlsProfile } from "./impostor/tls-profile.ts";
export {
  boundaryVectors,
  closesAfter,
  cutAfter,
  honest,
  honestImplicit,
  honestVectors,
  vectorNamed,
  vectors,
  weakTlsVectors,
} from "./vectors/index.ts";
export type {
  Cut,
  Demand,
  Expected,
  Moment,
  Script,
  Severity,
  Stage,
  Step,
  Transport,
  Vector,
} from "./vectors/vector.ts";
export { type Canaries, canaries } from "./verdict/canary.ts";
export {
  type ChannelName,
  type ConnectionTranscript,
  type Entry,
  said,
  type StoredMessage,
  type Transcript,
} from "./verdict/transcript.ts";
export { type Claim, type Finding, judge, type Judgement, type Verdict, verdicts } from "./verdict/verdict.ts";

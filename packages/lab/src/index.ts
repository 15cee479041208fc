/** What other programs may use of the lab: authorities, vectors, the impostor, and verdicts. */
export {
  AUTHORITY,
  type Authority,
  type AuthorityOptions,
  createAuthority,
  HOST,
  type Issued,
  type IssueOptions,
} from "./authority/authority.ts";
export {
  type CertificateKind,
  DEEP_HOST,
  hostOf,
  issueCertificate,
  proves,
  type Reference,
} from "./authority/certificate.ts";
export { forge, type Party } from "./authority/forge.ts";
export type { Name } from "./authority/general-name.ts";
export { generateKeys, type KeyKind, type Keys } from "./authority/keys.ts";
export type { Sheet } from "./authority/sheet.ts";
export { clearCapabilities, sealedCapabilities } from "./vectors/capabilities.ts";
export { type Impostor, type ImpostorOptions, type Part, startImpostor } from "./impostor/impostor.ts";
export { type Command, ehloReply, parseChunk, parseCommand } from "./server/command.ts";
export { Connection } from "./server/connection.ts";
export { Content } from "./server/content.ts";
export { Inlet } from "./server/inlet.ts";
export { LineError } from "./server/intake.ts";
export { type Endpoint, type Listener, listen, tie } from "./server/listener.ts";
export { type Account, beginLogin } from "./server/login.ts";
export { scram } from "./server/scram.ts";
export { type ServeOptions, serve } from "./server/serve.ts";
export { type Exchange, over, type PromptExchange, runLogin, wait } from "./server/exchange.ts";
export type { TlsProfile } from "./authority/tls-profile.ts";
export { type Attack, attackNamed, attacks } from "./interceptor/attack.ts";
export type { InterceptorEvent, ProxyOutcome } from "./interceptor/event.ts";
export { type Interceptor, type InterceptorOptions, startInterceptor } from "./interceptor/interceptor.ts";
export type { Upstream } from "./interceptor/passage.ts";
export { type ConversationEvent, formatEntry } from "./report/conversation.ts";
export { followImpostor } from "./report/live.ts";
export { formatProxyOpening, formatServeOpening } from "./report/opening.ts";
export {
  type AbsentClient,
  type ClientEnd,
  type ClientReport,
  type ConnectionRecord,
  type EntryRecord,
  isFailure,
  type Outcome,
  outcomes,
  type Report,
  type Run,
  type UnfinishedTrial,
  type VectorFacts,
} from "./report/report.ts";
export { LabError, type LabErrorCode } from "./isolation/lab-error.ts";
export { makePrivateFolder, temporaryFolder } from "./isolation/private-folder.ts";
export { type Placeholder, placeholders } from "./run/command.ts";
export type { LabOptions, Subject } from "./run/options.ts";
export { runLab } from "./run/run.ts";
export { clients } from "./clients/catalogue.ts";
export type { Client, Configuration, Surroundings } from "./clients/client.ts";
export { formatBadge } from "./report/badge.ts";
export { formatHtml } from "./report/html.ts";
export { formatJson } from "./report/json.ts";
export { formatJunit } from "./report/junit.ts";
export { formatMarkdown } from "./report/markdown.ts";
export { formatTable } from "./report/table.ts";
export { explainVector, type Section } from "./vectors/explanation.ts";
export { formatVectorsPage } from "./vectors/page.ts";
export { type Selection, selectVectors } from "./vectors/selection.ts";
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

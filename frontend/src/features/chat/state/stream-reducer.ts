import type { AnswerPhase, ChatEvent, LineEvent, LiveAnswer } from "@/features/chat/types";
import { assertNever } from "@/lib/assert-never";
import type { SourcePart } from "@/types/wire";

/** The notice that files are still being read. */
const DOCUMENTS_READING = "documents_reading";

export const EMPTY_ANSWER: LiveAnswer = {
  phase: "waiting",
  messageId: null,
  conversationId: null,
  userMessageId: null,
  generationId: null,
  provider: null,
  model: null,
  text: "",
  reasoning: "",
  sources: [],
  filenames: {},
  documents: [],
  notices: [],
  problem: null,
  finishReason: null,
  title: null,
  receipt: null,
};

export function isFinal({ phase }: LiveAnswer): boolean {
  return phase === "complete" || phase === "stopped" || phase === "failed";
}

/** The answer after one more event. A `start` begins anew: a replay replaces what was there, it never appends. */
export function streamReducer(answer: LiveAnswer, event: ChatEvent | LineEvent): LiveAnswer {
  switch (event.type) {
    case "start":
      return begun(event);
    case "message-metadata":
      return { ...answer, provider: event.provider, model: event.model };
    case "text-start":
      return { ...answer, phase: "writing", notices: withoutWaiting(answer) };
    case "text-delta":
      return {
        ...answer,
        phase: "writing",
        text: answer.text + event.delta,
        notices: answer.text === "" ? withoutWaiting(answer) : answer.notices,
      };
    case "reasoning-delta":
      return { ...answer, reasoning: answer.reasoning + event.delta };
    case "source-document":
      return { ...answer, filenames: { ...answer.filenames, [event.sourceId]: event.filename } };
    case "data-citation":
      return { ...answer, sources: withSource(answer, event.sourceId, event.source) };
    case "data-notice":
      return { ...answer, notices: withNotice(answer, event.code, event.message) };
    case "data-problem":
      return { ...answer, problem: { code: event.problem.code, detail: event.problem.detail } };
    case "error":
      return failed(answer, event.errorText);
    case "abort":
      return { ...answer, phase: "stopped" };
    case "finish":
      return {
        ...answer,
        phase: event.state ?? "complete",
        finishReason: event.finishReason,
        title: event.title,
        receipt: event.receipt,
      };
    case "line-cut":
    case "line-parked":
    case "line-open":
      return isFinal(answer) ? answer : { ...answer, phase: phaseOnLine(answer, event) };
    default:
      return assertNever(event);
  }
}

function begun(event: Extract<ChatEvent, { type: "start" }>): LiveAnswer {
  const { type: _, ...known } = event;
  return { ...EMPTY_ANSWER, ...known };
}

function phaseOnLine({ text }: LiveAnswer, { type }: LineEvent): AnswerPhase {
  if (type === "line-cut") return "reconnecting";
  if (type === "line-parked") return "parked";
  return text === "" ? "waiting" : "writing";
}

/** The problem document came before the plain error and says it better. */
function failed(answer: LiveAnswer, errorText: string): LiveAnswer {
  return { ...answer, phase: "failed", problem: answer.problem ?? { code: "", detail: errorText } };
}

/** A notice with the code of an earlier one takes its place: "waiting, third in line", then second. */
function withNotice({ notices }: LiveAnswer, code: string, message: string): LiveAnswer["notices"] {
  return [...notices.filter((notice) => notice.code !== code), { type: "notice", code, message }];
}

/** Once there is text, nothing is waited for: what said so was of the moment. */
function withoutWaiting({ notices }: LiveAnswer): LiveAnswer["notices"] {
  return notices.filter(({ code }) => code !== DOCUMENTS_READING);
}

/** One per claim: several may be of the same passage. In a message that is replayed `start` has taken the old ones away. */
function withSource(answer: LiveAnswer, sourceId: string, source: SourcePart): SourcePart[] {
  const named = { ...source, filename: source.filename || (answer.filenames[sourceId] ?? "") };
  return [...answer.sources, named];
}

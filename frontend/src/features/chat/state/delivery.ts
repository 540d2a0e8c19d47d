import { deliver } from "@/features/chat/api/deliver";
import {
  putInOutbox,
  type QueuedMessage,
  queuedNow,
  readOutbox,
  takeFromOutbox,
} from "@/features/chat/state/outbox";
import { adoptName } from "@/features/chat/state/own-name";
import { ApiProblem, isPassing } from "@/lib/errors";

export interface Delivery {
  accountId: string | null;
  /** The gateway has it; `conversationId` is the one that it stands in. */
  onDelivered: (message: QueuedMessage, conversationId: string) => void;
  signal: AbortSignal;
}

const LOCK = "lamla.outbox";
/** A limit that does not pass in a moment: its writer is to know. */
const LASTING = ["quota_exceeded", "budget_exhausted"];

/** Whether something waits that can be sent: not what was refused, or is being written anew. */
export function hasDeliverable(accountId: string | null): boolean {
  return ofAccount(readOutbox(), accountId).some(({ refusal, isHeld }) => refusal === null && !isHeld);
}

/**
 * Send what waits, from one of this browser's tabs: of each conversation the first, since the next one is asked once
 * that has its answer.
 *
 * What was sent before and not confirmed is sent once more: the gateway knows it by its id.
 */
export async function deliverQueue(delivery: Delivery): Promise<void> {
  if (!("locks" in navigator)) return deliverFirsts(delivery);
  // When another tab is at it, what that leaves is looked at later.
  await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && deliverFirsts(delivery));
}

async function deliverFirsts(delivery: Delivery): Promise<void> {
  const waiting = ofAccount(readOutbox(), delivery.accountId).filter(({ refusal }) => refusal === null);
  for (const name of new Set(waiting.map(({ conversationId }) => conversationId))) {
    const first = waiting.find(({ conversationId }) => conversationId === name);
    if (first && !first.isHeld) await deliverOne(first, delivery);
  }
}

async function deliverOne(message: QueuedMessage, { onDelivered, signal }: Delivery): Promise<void> {
  try {
    settle(message, await deliver(message, signal), onDelivered);
  } catch (error) {
    if (!(error instanceof ApiProblem)) return;
    const { problem } = error;
    if (problem.conversation_id && problem.user_message_id) {
      // The gateway has it and could not begin the answer, which says so with its own retry.
      settle(message, problem.conversation_id, onDelivered);
      return;
    }
    const passes = isPassing(error) && !LASTING.includes(problem.code);
    if (passes || problem.code === "generation_running") return;
    const now = queuedNow(message);
    // What was discarded stays so, and other words may not be refused.
    if (now?.text === message.text)
      putInOutbox({ ...now, refusal: { code: problem.code, detail: problem.detail } });
  }
}

/** The gateway has it; what was put another way meanwhile waits on, as another version of it. */
function settle(message: QueuedMessage, conversationId: string, onDelivered: Delivery["onDelivered"]): void {
  const now = queuedNow(message);
  if (now && !now.isHeld && now.text === message.text) takeFromOutbox(now);
  if (conversationId !== message.conversationId) adoptName(message.conversationId, conversationId);
  onDelivered(message, conversationId);
}

/** A guest's are those of whoever signs in here, who keeps what the guest has made; nobody else's are shown or sent. */
export function ofAccount(queue: readonly QueuedMessage[], accountId: string | null): QueuedMessage[] {
  return queue.filter((message) => message.accountId === null || message.accountId === accountId);
}

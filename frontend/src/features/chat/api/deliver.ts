import { STREAM_SILENCE_MS } from "@/config/limits";
import { sendMessage } from "@/features/chat/api/send-message";
import type { QueuedMessage } from "@/features/chat/state/outbox";
import { isOwnName } from "@/features/chat/state/own-name";
import { parseChatEvent } from "@/features/chat/state/parse-event";
import { ApiProblem, ConnectionLost } from "@/lib/errors";
import { readFrames } from "@/lib/sse";

/**
 * Send a prompt and wait until the gateway has it; resolves to the id of its conversation. Its answer is read elsewhere.
 *
 * Raises: ApiProblem, ConnectionLost, AbortError.
 */
export async function deliver(message: QueuedMessage, signal: AbortSignal): Promise<string> {
  const { body } = await sendOnce(message, signal);
  if (!body) throw new ConnectionLost();
  for await (const { data } of readFrames(body, { silenceMs: STREAM_SILENCE_MS, signal })) {
    const event = parseChatEvent(data);
    if (event?.type === "start") return event.conversationId;
  }
  throw new ConnectionLost();
}

/** What begins a conversation may have arrived before it had a name: then it is found by its own id alone. */
async function sendOnce(message: QueuedMessage, signal: AbortSignal): Promise<Response> {
  try {
    return await sendMessage(message, signal);
  } catch (error) {
    const isThere = error instanceof ApiProblem && error.code === "message_id_reused";
    if (!isThere || !isOwnName(message.conversationId)) throw error;
    return sendMessage({ ...message, conversationId: null }, signal);
  }
}

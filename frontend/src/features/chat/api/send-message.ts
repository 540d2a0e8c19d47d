import { STREAM_OPEN_TIMEOUT_MS } from "@/config/limits";
import { API } from "@/config/paths";
import { READER_HEADERS } from "@/features/chat/api/reader";
import { isOwnName } from "@/features/chat/state/own-name";
import type { NewMessage, Prompt } from "@/features/chat/types";
import { openResponse } from "@/lib/api-client";

/**
 * Send a prompt and open the stream of its answer.
 *
 * Raises: ApiProblem, ConnectionLost, AbortError. Repeating it with the same `clientMessageId` makes no second copy.
 */
export function sendMessage(prompt: Prompt, signal: AbortSignal): Promise<Response> {
  return openResponse(API.stream, {
    method: "POST",
    body: fieldsOf(prompt),
    headers: READER_HEADERS,
    signal,
    timeoutMs: STREAM_OPEN_TIMEOUT_MS,
  });
}

/** The shape in which a prompt can name the conversation that it begins: docs/api.md, "The AI SDK's client". */
function namedFields({ text, clientMessageId, conversationId, courseId, files, choice }: NewMessage) {
  return {
    id: conversationId,
    messages: [{ id: clientMessageId, role: "user", parts: [{ type: "text", text }] }],
    document_ids: files.map(({ document_id }) => document_id),
    ...(courseId ? { course_id: courseId } : {}),
    ...(choice ?? {}),
  };
}

function fieldsOf(prompt: Prompt): Record<string, unknown> {
  const conversation = prompt.conversationId ? { conversation_id: prompt.conversationId } : {};
  const common = { ...conversation, ...(prompt.choice ?? {}) };
  if (prompt.trigger !== "submit") {
    return { trigger: prompt.trigger, parent_id: prompt.answerId, ...common };
  }
  const { text, clientMessageId, parentId, conversationId, courseId, files } = prompt;
  if (conversationId && isOwnName(conversationId)) return namedFields(prompt);
  return {
    message: text,
    client_message_id: clientMessageId,
    ...(parentId ? { parent_id: parentId } : {}),
    ...(files.length > 0 ? { document_ids: files.map(({ document_id }) => document_id) } : {}),
    ...(courseId && !conversationId ? { course_id: courseId } : {}),
    ...common,
  };
}

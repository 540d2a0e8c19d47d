import { STREAM_OPEN_TIMEOUT_MS, UPLOAD_TIMEOUT_MS } from "@/config/limits";
import { API } from "@/config/paths";
import { READER_HEADERS } from "@/features/chat/api/reader";
import type { ModelChoice } from "@/features/chat/types";
import { openResponse, send } from "@/lib/api-client";
import { postForm } from "@/lib/upload";

export interface SendMessage {
  text: string;
  clientMessageId: string;
  conversationId: string | null;
  choice: ModelChoice | null;
  files: File[];
}

/**
 * Send a prompt and open the stream of its answer.
 *
 * Raises: ApiProblem, ConnectionLost, AbortError. Repeating it with the same `clientMessageId` makes no second copy.
 */
export function sendMessage(
  message: SendMessage,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<Response> {
  if (message.files.length > 0) return sendFiles(message, signal, onProgress);
  return openResponse(API.stream, {
    method: "POST",
    body: fieldsOf(message),
    headers: READER_HEADERS,
    signal,
    timeoutMs: STREAM_OPEN_TIMEOUT_MS,
  });
}

function sendFiles(message: SendMessage, signal: AbortSignal, onProgress: (share: number) => void) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fieldsOf(message))) form.append(name, value);
  for (const file of message.files) form.append("file", file, file.name);
  return send(
    (token, open) =>
      postForm(API.file, {
        form,
        headers: { ...READER_HEADERS, "X-CSRFToken": token },
        signal: open,
        onProgress,
      }),
    { method: "POST", signal, timeoutMs: UPLOAD_TIMEOUT_MS },
  );
}

function fieldsOf({ text, clientMessageId, conversationId, choice }: SendMessage): Record<string, string> {
  return {
    message: text,
    client_message_id: clientMessageId,
    ...(conversationId ? { conversation_id: conversationId } : {}),
    ...(choice ?? {}),
  };
}

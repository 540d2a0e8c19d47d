import type { UIMessage } from "ai";

/** Where the gateway is that these tests ask. */
export const GATEWAY = process.env.GATEWAY_URL ?? "http://localhost:8000";

interface SavedMessage {
  id: string;
  role: "user" | "assistant";
  text: string;
  state: string;
  client_message_id: string | null;
  siblings: { ids: string[]; index: number };
}

interface SavedConversation {
  client_id: string;
  generation: { id: string } | null;
  messages: SavedMessage[];
}

/**
 * One browser's cookies. A page would send them by itself, and add the token that the gateway set as a cookie;
 * whatever is no browser has to do both, and this is all that the client needs beside its address.
 */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  readonly fetch: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const token = this.cookies.get("csrftoken");
    if (token) headers.set("X-CSRFToken", token);
    headers.set("Cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      this.cookies.set(name, value);
    }
    return response;
  };

  async conversation(id: string): Promise<SavedConversation> {
    const response = await this.fetch(`${GATEWAY}/api/conversations/${id}/`);
    return (await response.json()) as SavedConversation;
  }

  /** What a page has to begin with after a reload: its conversation as the AI SDK's messages. */
  async history(id: string): Promise<UIMessage[]> {
    const { messages } = await this.conversation(id);
    return messages.map(({ id: messageId, client_message_id, role, text }) => ({
      id: client_message_id ?? messageId,
      role,
      parts: [{ type: "text", text }],
    }));
  }

  async stopAnswer(id: string): Promise<SavedMessage> {
    const response = await this.fetch(`${GATEWAY}/api/chat/${id}/stop/`, { method: "POST" });
    return ((await response.json()) as { message: SavedMessage }).message;
  }
}

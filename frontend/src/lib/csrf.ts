import { API } from "@/config/paths";

const COOKIE = "csrftoken";
let sessionToken: string | null = null;

/** Keep the token that the session endpoint gave. */
export function rememberCsrfToken(token: string): void {
  sessionToken = token;
}

/** The token to send: the cookie's, which may be newer than the session's (the first write makes the guest). */
export async function csrfToken(signal?: AbortSignal): Promise<string> {
  return cookieToken() ?? sessionToken ?? (await renewCsrfToken(signal));
}

/** Ask the gateway for a fresh token; empty when it gives none. */
export async function renewCsrfToken(signal?: AbortSignal): Promise<string> {
  const response = await fetch(API.session, { credentials: "same-origin", signal: signal ?? null });
  if (!response.ok) return "";
  const session = (await response.json()) as { csrf_token: string };
  sessionToken = session.csrf_token;
  return cookieToken() ?? session.csrf_token;
}

function cookieToken(): string | null {
  const entry = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${COOKIE}=`));
  const token = entry?.slice(COOKIE.length + 1);
  return token ? decodeURIComponent(token) : null;
}

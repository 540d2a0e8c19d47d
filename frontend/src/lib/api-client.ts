import { REQUEST_TIMEOUT_MS } from "@/config/limits";
import { csrfToken, renewCsrfToken } from "@/lib/csrf";
import { spareHeaders } from "@/lib/data-saver";
import { type ApiProblem, ConnectionLost, isAbort, problemOf } from "@/lib/errors";
import { addTraffic } from "@/lib/traffic";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface RequestOptions {
  method?: Method;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/** One request's bytes on their way; `token` is empty for reads. */
export type Transport = (token: string, signal: AbortSignal) => Promise<Response>;

/** Fetch JSON. Raises: ApiProblem, ConnectionLost, AbortError. */
export async function requestJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await openResponse(path, options);
  // 204 has no body; callers that expect none ask for `void`.
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/**
 * Open a response and leave its body to the caller; the time limit holds until its headers are here.
 *
 * Raises: ApiProblem, ConnectionLost, AbortError.
 */
export function openResponse(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = "GET", headers = {} } = options;
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  if (body) addTraffic(body.length);
  const transport: Transport = (token, signal) =>
    fetch(path, {
      method,
      signal,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...spareHeaders(),
        ...(body === null ? {} : { "Content-Type": "application/json" }),
        ...(token ? { "X-CSRFToken": token } : {}),
        ...headers,
      },
      body,
    });
  return send(transport, { ...options, method });
}

/** Run a transport with token, time limit and error mapping; a refused token is renewed once. */
export async function send(transport: Transport, options: RequestOptions = {}): Promise<Response> {
  const { method = "GET", signal, timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const token = method === "GET" ? "" : await connected(() => csrfToken(signal));
  const response = await timed(transport, token, signal, timeoutMs);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (!isRefusedToken(problem)) throw problem;
  const renewed = await connected(() => renewCsrfToken(signal));
  const repeated = await timed(transport, renewed, signal, timeoutMs);
  if (repeated.ok) return repeated;
  throw await problemOf(repeated);
}

function isRefusedToken({ problem }: ApiProblem): boolean {
  return problem.status === 403 && problem.code === "csrf_failed";
}

/** Abort the transport when the headers take too long, or when the caller gives up. */
async function timed(
  transport: Transport,
  token: string,
  signal: AbortSignal | undefined,
  timeoutMs: number,
): Promise<Response> {
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  // The listener stays after the headers: aborting must close a stream's socket, too.
  signal?.addEventListener("abort", giveUp, { once: true });
  const timer = setTimeout(giveUp, timeoutMs);
  try {
    signal?.throwIfAborted();
    return await connected(() => transport(token, controller.signal), signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Turn what fetch throws into ConnectionLost, except the caller's own abort. */
async function connected<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof TypeError || isAbort(error)) throw new ConnectionLost();
    throw error;
  }
}

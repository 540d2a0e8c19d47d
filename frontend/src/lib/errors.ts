import type { Problem } from "@/types/wire";

/** The gateway refused or failed, and said why. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Nobody answered: no network, gateway down, or silence for too long. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** Whether it may be over in a moment by itself: no line, a gateway that restarts, a limit of this minute. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return error instanceof ConnectionLost;
  const { status } = error.problem;
  return status >= 500 || status === 408 || status === 429;
}

/** Whether the same request can go well a moment later; a refusal of what was sent stays one. */
export function isRepeatable(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return true;
  const { status } = error.problem;
  return status >= 500 || status === 403 || status === 408 || status === 429;
}

export function isAbort(error: unknown): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";
}

/** Read the problem document of a failed response, or make one for a proxy's page. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const fallback: Problem = {
    title: response.statusText,
    status: response.status,
    detail: "",
    code: "unexpected_answer",
  };
  if (!response.headers.get("content-type")?.includes("json")) return new ApiProblem(fallback);
  try {
    return new ApiProblem({ ...fallback, ...((await response.json()) as Partial<Problem>) });
  } catch {
    return new ApiProblem(fallback);
  }
}

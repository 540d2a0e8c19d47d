import type { AuthAnswer, FieldError, Flow } from "@/features/accounts/types";
import { type RequestOptions, requestJson } from "@/lib/api-client";
import { ApiProblem } from "@/lib/errors";

/** What was sent is not good, field by field. */
export class RefusedFields extends Error {
  override readonly name = "RefusedFields";

  constructor(readonly errors: FieldError[]) {
    super(errors.map(({ message }) => message).join(" "));
  }
}

/** Only for somebody who has just shown who they are; `flows` are the ways to do so. */
export class ReauthenticationNeeded extends Error {
  override readonly name = "ReauthenticationNeeded";

  constructor(readonly flows: Flow[]) {
    super("Show again who you are.");
  }
}

/** Whoever was signed in here is not any more: logged out on another device, or in another tab. */
export class SignedOut extends Error {
  override readonly name = "SignedOut";
}

/**
 * Ask the sign-in API for somebody who is on the way in.
 *
 * Raises: RefusedFields, ReauthenticationNeeded, ApiProblem, ConnectionLost, AbortError.
 */
export async function askAuth<Data>(path: string, options: RequestOptions = {}): Promise<AuthAnswer<Data>> {
  try {
    return withMeta(await requestJson<AuthAnswer<Data>>(path, options));
  } catch (error) {
    if (error instanceof ApiProblem) return answerIn<Data>(error);
    throw error;
  }
}

/** The same for somebody who is signed in. Raises: SignedOut as well. */
export async function askAccount<Data>(
  path: string,
  options: RequestOptions = {},
): Promise<AuthAnswer<Data>> {
  const answer = await askAuth<Data>(path, options);
  if (answer.status === 401) throw new SignedOut();
  return answer;
}

/** Whether an error, of either API, means that nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof SignedOut || (error instanceof ApiProblem && error.code === "not_signed_in");
}

function withMeta<Data>(answer: AuthAnswer<Data>): AuthAnswer<Data> {
  return { ...answer, meta: answer.meta ?? {} };
}

/** The answer in what looks like a failure: this API says by the status what is to be done next. */
function answerIn<Data>(failure: ApiProblem): AuthAnswer<Data> {
  // A problem keeps all fields of the body that it was read from.
  const body = failure.problem as unknown as Partial<AuthAnswer<Data>> & { errors?: FieldError[] };
  const { status, data, meta, errors } = body;
  if (errors?.some(({ message }) => message)) throw new RefusedFields(errors);
  if (status === 401 && data) {
    if (meta?.is_authenticated) throw new ReauthenticationNeeded((data as { flows?: Flow[] }).flows ?? []);
    return withMeta({ status, data, meta: meta ?? {} });
  }
  // What is not set up yet: how to do so stands beside it.
  if (status === 404 && meta) return { status, data: data as Data, meta };
  throw failure;
}

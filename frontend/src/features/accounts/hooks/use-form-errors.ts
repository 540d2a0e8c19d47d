import { isSignedOut, RefusedFields } from "@/features/accounts/api/auth-client";
import { isOutOfStep } from "@/features/accounts/api/auth-steps";
import type { FieldError } from "@/features/accounts/types";
import { useErrorText } from "@/hooks/use-error-text";
import type { MessageKey } from "@/i18n/catalogue";
import { useT } from "@/i18n/language";
import { ApiProblem, isAbort } from "@/lib/errors";

/** What the sign-in API says by a code, said in the page's language; other codes keep the server's own sentence. */
const BY_CODE: Partial<Record<string, MessageKey>> = {
  required: "account.error.required",
  invalid: "account.error.invalid",
  email_password_mismatch: "account.error.mismatch",
  incorrect_password: "account.error.wrongPassword",
  enter_current_password: "account.error.wrongPassword",
  incorrect_code: "account.error.wrongCode",
  password_too_short: "account.error.tooShort",
  password_too_common: "account.error.tooCommon",
  password_too_similar: "account.error.tooSimilar",
  too_many_login_attempts: "account.error.tooMany",
  rate_limited: "account.error.tooMany",
  email_taken: "account.error.emailTaken",
  duplicate_email: "account.error.emailTaken",
  same_as_current: "account.error.sameAsCurrent",
  add_email_blocked: "account.error.emailBlocked",
  unverified_email: "account.error.emailUnverified",
  invitation: "account.error.invitation",
};

export interface FormErrors {
  /** The sentence beside a field. */
  of: (field: string) => string | undefined;
  /** The sentence for all else that went wrong, null when there is nothing to say. */
  general: string | null;
}

/** What a failed call means for a form with these fields. */
export function useFormErrors(error: unknown, fields: readonly string[]): FormErrors {
  const say = useSentence();
  const refusals = error instanceof RefusedFields ? error.errors : [];
  const sentences = (chosen: FieldError[]) => [...new Set(chosen.map(say.ofRefusal))].join(" ");
  const elsewhere = refusals.filter(({ param }) => !param || !fields.includes(param));
  return {
    of: (field) => sentences(refusals.filter(({ param }) => param === field)) || undefined,
    general: refusals.length > 0 ? sentences(elsewhere) || null : say.ofFailure(error),
  };
}

/** The sentence for a failure that belongs to no field. */
export function useFailureText(): (error: unknown) => string | null {
  const { ofFailure } = useSentence();
  return ofFailure;
}

function useSentence() {
  const t = useT();
  const errorText = useErrorText();
  const ofRefusal = ({ code, message }: FieldError) => {
    const key = BY_CODE[code];
    return key ? t(key) : message;
  };
  const ofFailure = (error: unknown): string | null => {
    if (!error || isAbort(error)) return null;
    if (error instanceof RefusedFields) return error.errors.map(ofRefusal).join(" ");
    if (isSignedOut(error)) return t("account.error.signedOut");
    if (isOutOfStep(error)) return t("account.error.expired");
    if (error instanceof DOMException) return t(passkeyText(error));
    if (!(error instanceof ApiProblem) || error.problem.detail) return errorText(error);
    if (error.problem.status === 429) return t("account.error.tooMany");
    return error.problem.status === 403 ? t("account.error.refused") : errorText(error);
  };
  return { ofRefusal, ofFailure };
}

function passkeyText({ name }: DOMException): MessageKey {
  return name === "InvalidStateError" ? "account.error.passkeyKnown" : "account.error.passkey";
}

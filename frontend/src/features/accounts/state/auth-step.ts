import type { AuthAnswer, AuthState, FactorType } from "@/features/accounts/types";

/** Where somebody stands on the way in. */
export type AuthStep =
  | { at: "start" }
  | { at: "email-code" }
  | { at: "second-factor"; types: FactorType[] }
  | { at: "provider-sign-up" }
  | { at: "inside" };

export function authStepOf({ status, data }: AuthAnswer<AuthState>): AuthStep {
  if (status === 200) return { at: "inside" };
  for (const flow of data.flows?.filter(({ is_pending }) => is_pending) ?? []) {
    if (flow.id === "verify_email") return { at: "email-code" };
    if (flow.id === "mfa_authenticate") return { at: "second-factor", types: flow.types ?? [] };
    if (flow.id === "provider_signup") return { at: "provider-sign-up" };
  }
  return { at: "start" };
}

/** Whether a code to reset the password has been sent, and is awaited. */
export function isResetPending({ data }: AuthAnswer<AuthState>): boolean {
  return data.flows?.some(({ id, is_pending }) => id === "password_reset_by_code" && is_pending) ?? false;
}

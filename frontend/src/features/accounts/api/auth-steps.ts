import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAuth } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { AUTH_API } from "@/features/accounts/paths";
import type { AuthAnswer, AuthState } from "@/features/accounts/types";
import { ApiProblem } from "@/lib/errors";

/** How far the visitor has come; kept by the server, so that a reload goes on where it was. */
export function useAuthState() {
  return useQuery({
    queryKey: KEYS.auth,
    queryFn: ({ signal }) => askAuth<AuthState>(AUTH_API.session, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** One step on the way in; its answer says what comes next. */
function useAuthStep<Input>(path: string, bodyOf: (input: Input) => unknown) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => askAuth<AuthState>(path, { method: "POST", body: bodyOf(input) }),
    onSuccess: (answer) => client.setQueryData<AuthAnswer<AuthState>>(KEYS.auth, answer),
    onError: (error) => {
      if (isOutOfStep(error)) void client.invalidateQueries({ queryKey: KEYS.auth });
    },
  });
}

/** The server is elsewhere on the way than this page thinks: a code that has run out, or another tab. */
export function isOutOfStep(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 409;
}

export function useLogIn() {
  return useAuthStep(AUTH_API.login, (input: { email: string; password: string }) => input);
}

export function useSignUp() {
  return useAuthStep(
    AUTH_API.signUp,
    (input: { email: string; password: string; invitation?: string }) => input,
  );
}

export function useVerifyEmail() {
  return useAuthStep(AUTH_API.verifyEmail, (code: string) => ({ key: code }));
}

/** A code of the authenticator app, or a recovery code. */
export function useSecondFactor() {
  return useAuthStep(AUTH_API.secondFactor, (code: string) => ({ code }));
}

export function useRequestReset() {
  return useAuthStep(AUTH_API.requestReset, (email: string) => ({ email }));
}

export function useResetPassword() {
  return useAuthStep(AUTH_API.reset, ({ code, password }: { code: string; password: string }) => ({
    key: code,
    password,
  }));
}

/** Send the code for the e-mail once more. */
export function useResendCode() {
  return useMutation({
    mutationFn: () => askAuth<void>(AUTH_API.resendCode, { method: "POST" }),
  });
}

/** Leave the way where it is and begin again. */
export function useStartOver() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => askAuth<AuthState>(AUTH_API.session, { method: "DELETE" }),
    onSuccess: (answer) => client.setQueryData<AuthAnswer<AuthState>>(KEYS.auth, answer),
  });
}

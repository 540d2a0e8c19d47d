import { useAccountMutation } from "@/features/accounts/api/account-mutation";
import { useAccountQuery } from "@/features/accounts/api/account-query";
import { KEYS } from "@/features/accounts/api/query-keys";
import { ACCOUNT_API } from "@/features/accounts/paths";
import type { NewToken, Token, TokenRequest } from "@/features/accounts/types";
import { requestJson } from "@/lib/api-client";

const RENEWED = [KEYS.tokens] as const;

export function useTokens() {
  return useAccountQuery(
    KEYS.tokens,
    async (signal) => (await requestJson<{ items: Token[] }>(ACCOUNT_API.tokens, { signal })).items,
  );
}

/** Make a token. Its text is in the result and nowhere else. */
export function useMakeToken() {
  return useAccountMutation(
    (body: TokenRequest) => requestJson<NewToken>(ACCOUNT_API.tokens, { method: "POST", body }),
    RENEWED,
  );
}

export function useRevokeToken() {
  return useAccountMutation(
    (id: string) => requestJson<void>(ACCOUNT_API.token(id), { method: "DELETE" }),
    RENEWED,
  );
}

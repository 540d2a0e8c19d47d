import type { components } from "@/types/api";
import type { Session } from "@/types/wire";

type Schemas = components["schemas"];

export type Account = NonNullable<Session["user"]>;
export type SignInProvider = Schemas["SignInProvider"];
export type Token = Schemas["TokenOut"];
export type NewToken = Schemas["NewTokenOut"];
export type TokenRequest = Schemas["TokenIn"];
export type Scope = Token["scopes"][number];
export type Usage = Schemas["UsageOut"];
export type Imported = Schemas["ImportOut"];

// The shapes of django-allauth's API, as far as the page reads them.

export type FactorType = "totp" | "recovery_codes" | "webauthn";

/** A way to go on; the one that waits for an answer is pending. */
export interface Flow {
  id: string;
  is_pending?: boolean;
  types?: FactorType[];
}

/** What the sign-in API says about who is here: a user, or the ways to become one. */
export interface AuthState {
  user?: { id: string; email?: string; has_usable_password: boolean };
  flows?: Flow[];
}

/** An answer of the sign-in API; 401 is one, too: it names the next step. */
export interface AuthAnswer<Data> {
  status: number;
  data: Data;
  meta: AuthMeta;
}

export interface AuthMeta {
  is_authenticated?: boolean;
  /** Of a second factor by app that is not set up yet. */
  secret?: string;
  totp_url?: string;
  recovery_codes_generated?: boolean;
}

export interface FieldError {
  message: string;
  code: string;
  /** The field that it is about; missing when it is about all of them. */
  param?: string;
}

export interface EmailAddress {
  email: string;
  verified: boolean;
  primary: boolean;
}

/** Times are seconds since 1970. */
interface AuthenticatorTimes {
  created_at: number;
  last_used_at: number | null;
}

export type Authenticator = AuthenticatorTimes & (AppAuthenticator | RecoveryCodes | Passkey);

interface AppAuthenticator {
  type: "totp";
}

export interface RecoveryCodes {
  type: "recovery_codes";
  total_code_count: number;
  unused_code_count: number;
  unused_codes?: string[];
}

export interface Passkey {
  type: "webauthn";
  id: number;
  name: string;
}

export interface Device {
  id: number;
  user_agent: string;
  ip: string;
  /** Seconds since 1970. */
  created_at: number;
  is_current: boolean;
}

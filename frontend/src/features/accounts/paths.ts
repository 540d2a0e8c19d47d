export const ACCOUNT_API = {
  account: "/api/account/",
  tokens: "/api/account/tokens/",
  token: (id: string) => `/api/account/tokens/${encodeURIComponent(id)}/`,
  usage: "/api/account/usage/",
  export: "/api/account/export/",
  import: "/api/account/import/",
};

const AUTH_ROOT = "/_allauth/browser/v1";

/** django-allauth's headless API for browsers. */
export const AUTH_API = {
  session: `${AUTH_ROOT}/auth/session`,
  login: `${AUTH_ROOT}/auth/login`,
  signUp: `${AUTH_ROOT}/auth/signup`,
  verifyEmail: `${AUTH_ROOT}/auth/email/verify`,
  resendCode: `${AUTH_ROOT}/auth/email/verify/resend`,
  requestReset: `${AUTH_ROOT}/auth/password/request`,
  reset: `${AUTH_ROOT}/auth/password/reset`,
  secondFactor: `${AUTH_ROOT}/auth/2fa/authenticate`,
  passkeyLogin: `${AUTH_ROOT}/auth/webauthn/login`,
  passkeySecondFactor: `${AUTH_ROOT}/auth/webauthn/authenticate`,
  passkeyAgain: `${AUTH_ROOT}/auth/webauthn/reauthenticate`,
  passwordAgain: `${AUTH_ROOT}/auth/reauthenticate`,
  codeAgain: `${AUTH_ROOT}/auth/2fa/reauthenticate`,
  provider: `${AUTH_ROOT}/auth/provider/redirect`,
  devices: `${AUTH_ROOT}/auth/sessions`,
  email: `${AUTH_ROOT}/account/email`,
  password: `${AUTH_ROOT}/account/password/change`,
  authenticators: `${AUTH_ROOT}/account/authenticators`,
  totp: `${AUTH_ROOT}/account/authenticators/totp`,
  recoveryCodes: `${AUTH_ROOT}/account/authenticators/recovery-codes`,
  passkeys: `${AUTH_ROOT}/account/authenticators/webauthn`,
};

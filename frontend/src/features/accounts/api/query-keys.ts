const OWN = "account";

export const KEYS = {
  session: ["session"],
  auth: [OWN, "auth"],
  emails: [OWN, "emails"],
  authenticators: [OWN, "authenticators"],
  devices: [OWN, "devices"],
  tokens: [OWN, "tokens"],
  usage: [OWN, "usage"],
} as const;
